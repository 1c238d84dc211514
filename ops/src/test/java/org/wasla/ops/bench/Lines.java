package org.wasla.ops.bench;

import java.nio.charset.StandardCharsets;

/**
 * The text that a bench device sends: lines of 200 bytes with eight numbers, the last of which counts the lines. One
 * thread.
 */
final class Lines implements Device.Source {
    static final int BYTES = 200;
    private static final int DIGITS = 7;
    private static final long COUNT_MAX = 9_999_999;
    private static final String COLUMNS = column("HR", "072", "/min")
            + column("PR", "071", "/min")
            + column("SPO2", "098", "%")
            + column("RR", "16", "/min")
            + column("T", "36.80", "C")
            + column("SYS", "121", "mmHg")
            + column("DIA", "078", "mmHg")
            + column("COUNT", "0000000", "");
    private static final int COUNT_AT = COLUMNS.indexOf("0000000");
    private static final int HR_AT = COLUMNS.indexOf("072");

    private final byte[] block;
    private long made;

    /** @param lines most lines of a block */
    Lines(int lines) {
        String line = (COLUMNS + " ".repeat(BYTES)).substring(0, BYTES - 2) + "\r\n";
        block = line.repeat(lines).getBytes(StandardCharsets.US_ASCII);
    }

    private static String column(String name, String value, String unit) {
        return String.format("%-10s%8s %-6s", name, value, unit);
    }

    @Override
    public int size() {
        return BYTES;
    }

    @Override
    public byte[] next(int lines) {
        for (int i = 0; i < lines; i++) {
            made++;
            number(i * BYTES + COUNT_AT, DIGITS, made % (COUNT_MAX + 1));
            number(i * BYTES + HR_AT, 3, 40 + made % 160);
        }
        return block;
    }

    private void number(int at, int digits, long value) {
        long rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            block[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
