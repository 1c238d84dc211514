package org.wasla.gateway.imaging;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The concepts that we have a name or a rule for; all others pass with the sender's code alone. Immutable. */
final class ExtractConcepts {
    private static final Map<String, Concept> KNOWN = load();
    private static final Concept UNKNOWN = new Concept(null, Role.VALUE);

    private ExtractConcepts() {}

    /** What is to be done with a content item. */
    enum Role {
        VALUE,
        /** Holds for its parent and all below it: site, side, method. */
        MODIFIER,
        /** Tells who somebody is: never published. */
        PERSON
    }

    /** @param name our short name ({@code n}), or null */
    record Concept(@Nullable String name, Role role) {}

    static Concept of(ExtractCode code) {
        return KNOWN.getOrDefault(code.id(), UNKNOWN);
    }

    private static Map<String, Concept> load() {
        try (InputStream table = Objects.requireNonNull(ExtractConcepts.class.getResourceAsStream("concepts.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.US_ASCII))) {
            Map<String, Concept> known = new HashMap<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    String[] columns = line.split("\t", 4);
                    String name = columns[2].isEmpty() ? null : columns[2];
                    known.put(columns[0] + ":" + columns[1], new Concept(name, role(columns)));
                }
            }
            return Map.copyOf(known);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Role role(String[] columns) {
        String role = columns.length < 4 ? "" : columns[3];
        return role.equals("modifier") ? Role.MODIFIER : role.equals("person") ? Role.PERSON : Role.VALUE;
    }
}
