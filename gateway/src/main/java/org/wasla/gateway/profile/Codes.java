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
 * The code table {@code wasla-codes.tsv}: which MDC codes and UCUM units profiles may use. Immutable.
 *
 * <pre>
 * # wasla-codes@1                        the first line names the version
 * mdc   code  reference id  units|...    one MDC code and the units it is measured in
 * ucum  unit  meaning                    one unit
 * </pre>
 */
public final class Codes {
    /** The file's name in the folder of the shipped profiles. */
    public static final String FILE = "wasla-codes.tsv";

    private final String version;
    private final Map<Integer, Set<String>> unitsByCode = new HashMap<>();
    private final Set<String> units = new HashSet<>();

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
            } else if (cells[0].equals("ucum") && cells.length >= 2) {
                codes.units.add(cells[1]);
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

    /** @return whether the last digit of a LOINC code is its check digit (mod 10, Luhn) */
    static boolean isLoinc(String code) {
        if (!code.matches("\\d{1,7}-\\d")) {
            return false;
        }
        int dash = code.indexOf('-');
        int sum = 0;
        for (int i = 0; i < dash; i++) {
            int digit = code.charAt(dash - 1 - i) - '0';
            int weighted = i % 2 == 0 ? 2 * digit : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return (10 - sum % 10) % 10 == code.charAt(dash + 1) - '0';
    }
}
