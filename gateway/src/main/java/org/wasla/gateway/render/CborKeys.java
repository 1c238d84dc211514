package org.wasla.gateway.render;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that stand for names of fields in CBOR, as the contract publishes them: {@code ops/contract/cbor-keys.tsv},
 * which the build copies beside this class. Immutable.
 */
final class CborKeys {
    private static final CborKeys PUBLISHED = load();
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> keys = new HashMap<>();

    private CborKeys() {}

    /** @return null when the name has no number and is written as a text */
    static @Nullable Integer key(String name) {
        return PUBLISHED.keys.get(name);
    }

    /** @return null when this version knows no such number */
    static @Nullable String name(long key) {
        return key < 0 || key >= PUBLISHED.names.size() ? null : PUBLISHED.names.get((int) key);
    }

    private static CborKeys load() {
        CborKeys table = new CborKeys();
        try (InputStream file = Objects.requireNonNull(CborKeys.class.getResourceAsStream("cbor-keys.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(table::add);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return table;
    }

    private void add(String line) {
        String[] columns = line.split("\t");
        if (Integer.parseInt(columns[0]) != names.size() || keys.put(columns[1], names.size()) != null) {
            throw new IllegalStateException("cbor-keys.tsv: " + line);
        }
        names.add(columns[1]);
    }
}
