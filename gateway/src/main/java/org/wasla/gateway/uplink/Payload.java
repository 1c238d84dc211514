package org.wasla.gateway.uplink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;

/** The bytes of a message and how they are encoded. Immutable as long as nobody writes into the bytes. */
final class Payload {

    private static final int CHUNK_BYTES = 1024;

    private final byte[] bytes;
    private final String encoding;

    private Payload(byte[] bytes, String encoding) {
        this.bytes = bytes;
        this.encoding = encoding;
    }

    static Payload plain(byte[] bytes) {
        return new Payload(bytes, "identity");
    }

    static Payload plain(String text) {
        return plain(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Deflated (RFC 1950) when that is smaller. */
    Payload smallest() {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return out.size() < bytes.length ? new Payload(out.toByteArray(), "deflate") : this;
        } finally {
            deflater.end();
        }
    }

    /** The same JSON object with a last field {@code late}; anything else stays as it is. */
    static byte[] withLate(byte[] json, long lateMs) {
        int end = json.length - 1;
        while (end >= 0 && Character.isWhitespace(json[end])) {
            end--;
        }
        if (end < 1 || json[end] != '}') {
            return json;
        }
        byte[] field =
                ((isEmptyObject(json, end) ? "" : ",") + "\"late\":" + lateMs + "}").getBytes(StandardCharsets.UTF_8);
        byte[] late = new byte[end + field.length];
        System.arraycopy(json, 0, late, 0, end);
        System.arraycopy(field, 0, late, end, field.length);
        return late;
    }

    private static boolean isEmptyObject(byte[] json, int end) {
        int last = end - 1;
        while (last > 0 && Character.isWhitespace(json[last])) {
            last--;
        }
        return json[last] == '{';
    }

    byte[] bytes() {
        return bytes;
    }

    String encoding() {
        return encoding;
    }
}
