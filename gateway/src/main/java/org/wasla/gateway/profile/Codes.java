package org.wasla.gateway.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The code table {@code wasla-codes.tsv}: which MDC codes and UCUM units profiles may use, and how devices write units. Immutable.
 *
 * <pre>
 * # wasla-codes@1                        the first line names the version
 * mdc   code  reference id  units|...    one MDC code and the units it is measured in
 * ucum  unit  meaning                    one unit
 * unit  text  unit                       how devices write a unit
 * </pre>
 */
public final class Codes {
    /** The file's name in the folder of the shipped profiles. */
    public static final String FILE = "wasla-codes.tsv";

    private final String version;
    private final Map<Integer, Set<String>> unitsByCode = new HashMap<>();
    private final Map<Integer, String> references = new HashMap<>();
    private final Set<String> units = new HashSet<>();
    private final Map<String, String> spellings = new HashMap<>();

    private Codes(String version) {
        this.version = version;
    }

    public static Codes read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.get(0).startsWith("# ")) {
            throw new IOException(file + " does not begin with '# wasla-codes@N'");
        }
        Codes codes = new Codes(lines.get(0).substring(2).strip());
        for (String line : lines) {
            String[] cells = line.split("\t", -1);
            if (cells[0].equals("mdc") && cells.length >= 4) {
                codes.unitsByCode.put(
                        Integer.valueOf(cells[1]), cells[3].isEmpty() ? Set.of() : Set.of(cells[3].split("\\|")));
                if (!cells[2].isEmpty()) {
                    codes.references.put(Integer.valueOf(cells[1]), cells[2]);
                }
            } else if (cells[0].equals("ucum") && cells.length >= 2) {
                codes.units.add(cells[1]);
            } else if (cells[0].equals("unit") && cells.length >= 3) {
                codes.spellings.put(cells[1], cells[2]);
            } else if (!line.startsWith("#") && !line.isBlank()) {
                throw new IOException(file + " has a line of another form: " + line);
            }
        }
        return codes;
    }

    /** @return the table's name and version, as in records */
    public String version() {
        return version;
    }

    /** @return the reference ids of MDC codes, as far as the table has them */
    public Map<Integer, String> references() {
        return Map.copyOf(references);
    }

    boolean has(int code) {
        return unitsByCode.containsKey(code);
    }

    /** @return the units of a code; empty when the table leaves them open */
    Set<String> unitsOf(int code) {
        return unitsByCode.getOrDefault(code, Set.of());
    }

    boolean hasUnit(String unit) {
        return units.contains(unit);
    }

    /** @return the unit for each text that stands for it: units of the table stand for themselves */
    Map<String, String> spellings() {
        Map<String, String> all = new HashMap<>(spellings);
        units.forEach(unit -> all.put(unit, unit));
        return all;
    }
}
