package org.wasla.gateway.patient;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of a bar-code scanner to codes: each ends with CR, LF or both. A code comes in one go, so what has no end by the
 * time of a pause is given up, and what is too long is left out whole. One thread.
 */
public final class ScanLines {
    static final int CODE_BYTES_MAX = 512;
    static final long GAP_NS = 200_000_000;

    private final byte[] code = new byte[CODE_BYTES_MAX];
    private int length;
    private boolean isTooLong;
    private long heardNs;

    /**
     * @param nowNs monotonic
     * @return the codes that are whole, one character a byte, without their ends
     */
    public List<String> onBytes(byte[] bytes, int count, long nowNs) {
        if (nowNs - heardNs > GAP_NS) {
            clear();
        }
        heardNs = nowNs;
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\r' || bytes[i] == '\n') {
                if (length > 0 && !isTooLong) {
                    codes.add(new String(code, 0, length, StandardCharsets.ISO_8859_1));
                }
                clear();
            } else if (length == CODE_BYTES_MAX) {
                isTooLong = true;
            } else {
                code[length++] = bytes[i];
            }
        }
        return codes;
    }

    private void clear() {
        length = 0;
        isTooLong = false;
    }
}
