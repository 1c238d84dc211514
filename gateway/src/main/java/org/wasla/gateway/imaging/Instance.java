package org.wasla.gateway.imaging;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One object that was acknowledged, as a line of the index. Immutable.
 *
 * @param number its file's
 * @param receivedMs UTC
 * @param bytes of the data set
 * @param crc CRC32C of the data set
 * @param differs whether another object with other bytes had the same instance UID before
 */
public record Instance(
        int number,
        long receivedMs,
        long bytes,
        int crc,
        boolean differs,
        String sopClass,
        String uid,
        String transferSyntax,
        String caller) {
    private static final String KIND = "I";
    private static final int FIELDS = 10;

    /** Fields joined by tabs and ended by their CRC32C. */
    static String line(List<String> fields) {
        String text = String.join("\t", fields);
        return text + "\t" + crc(text) + "\n";
    }

    /** The fields of a line, null when it is torn. */
    static @Nullable List<String> fields(String line) {
        int at = line.lastIndexOf('\t');
        return at > 0 && line.substring(at + 1).equals(crc(line.substring(0, at)))
                ? List.of(line.substring(0, at).split("\t", -1))
                : null;
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(crc.getValue());
    }

    String line() {
        List<String> fields = new ArrayList<>();
        fields.add(KIND);
        fields.add(Integer.toString(number));
        fields.add(Long.toString(receivedMs));
        fields.add(Long.toString(bytes));
        fields.add(Integer.toHexString(crc));
        fields.add(differs ? "differs" : "");
        fields.addAll(List.of(sopClass, uid, transferSyntax, caller));
        return line(fields);
    }

    /** Null when the line tells of something else. */
    static @Nullable Instance read(List<String> fields) {
        if (fields.size() != FIELDS || !fields.get(0).equals(KIND)) {
            return null;
        }
        return new Instance(
                Integer.parseInt(fields.get(1)),
                Long.parseLong(fields.get(2)),
                Long.parseLong(fields.get(3)),
                Integer.parseUnsignedInt(fields.get(4), 16),
                !fields.get(5).isEmpty(),
                fields.get(6),
                fields.get(7),
                fields.get(8),
                fields.get(9));
    }

    /** The same, marked as other than what was there before. */
    Instance differing() {
        return new Instance(number, receivedMs, bytes, crc, true, sopClass, uid, transferSyntax, caller);
    }

    /** Where its file lies below the store's directory. */
    public String file() {
        return ObjectFiles.name(number, ObjectFiles.WHOLE);
    }
}
