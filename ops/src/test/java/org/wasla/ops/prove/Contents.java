package org.wasla.ops.prove;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a payload says about its place in a stream. Immutable.
 *
 * @param stream {@code gw.ep.dev.k}
 * @param seq its first number
 * @param numbers how many numbers it takes: the rows of a batch, else 1
 * @param print fingerprint of its content, {@code late} left out; 0 for a batch, whose rows came to be elsewhere
 * @param isLate whether it says that it left late
 * @param gap the numbers that it declares as missing, null when it is no gap event
 */
record Contents(
        String stream,
        long seq,
        long numbers,
        long print,
        boolean isLate,
        @Nullable Gap gap) {
    private static final Pattern HEAD = Pattern.compile(
            "\"gw\":\"([^\"]+)\",\"ep\":\"([^\"]+)\",\"dev\":\"([^\"]+)\",\"k\":\"([^\"]+)\",\"seq\":(\\d+)");
    private static final Pattern AUDIT = Pattern.compile("^\\{\"v\":1,\"gw\":\"[^\"]+\",\"n\":\\d+,\"t\":\\d+,\"e\":");
    private static final Pattern LATE = Pattern.compile(",\"late\":\\d+}$");
    private static final Pattern ROWS = Pattern.compile(",\"n\":(\\d+)");
    private static final Pattern OF = Pattern.compile("\"of\":\"([^\"]+)\"");
    private static final Pattern FROM = Pattern.compile("\"from\":(\\d+)");
    private static final Pattern TO = Pattern.compile("\"to\":(\\d+)");
    private static final Pattern WHY = Pattern.compile("\"why\":\"([^\"]+)\"");

    /** Numbers of a stream that will not come, both ends included. */
    record Gap(String stream, long from, long to, String why) {}

    /** Whether it is a record of the audit, which waits in the same store and has numbers of its own. */
    static boolean isAudit(byte[] payload) {
        return AUDIT.matcher(new String(payload, StandardCharsets.UTF_8)).find();
    }

    /** Null when the payload is no record: a state, a snapshot. */
    static @Nullable Contents of(byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        Matcher head = HEAD.matcher(text);
        if (!head.find()) {
            return null;
        }
        String source = head.group(1) + "." + head.group(2);
        String content = LATE.matcher(text).replaceFirst("}");
        boolean isBatch = text.contains("\"rows\":[");
        return new Contents(
                source + "." + head.group(3) + "." + head.group(4),
                Long.parseLong(head.group(5)),
                isBatch ? number(ROWS, text) : 1,
                isBatch ? 0 : print(content.getBytes(StandardCharsets.UTF_8)),
                content.length() != text.length(),
                gap(source, text));
    }

    private static @Nullable Gap gap(String source, String text) {
        if (!text.contains("\"e\":\"gap\"")) {
            return null;
        }
        return new Gap(source + "." + word(OF, text), number(FROM, text), number(TO, text), word(WHY, text));
    }

    private static long number(Pattern pattern, String text) {
        return Long.parseLong(word(pattern, text));
    }

    private static String word(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("a record without " + pattern);
        }
        return matcher.group(1);
    }

    /** Two checksums side by side; never 0. */
    static long print(byte[] content) {
        CRC32 high = new CRC32();
        CRC32C low = new CRC32C();
        high.update(content);
        low.update(content);
        return Math.max(1, high.getValue() << 31 ^ low.getValue());
    }
}
