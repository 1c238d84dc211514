package org.wasla.gateway.observation;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A record that lacks only its epoch and number: written once, where it was read, and a few hundred bytes while it waits
 * for the buffer to give it both. Immutable.
 */
public final class Unnumbered {

    private final String gateway;
    private final String device;
    private final String kind;
    private final byte[] rest;

    /** @param rest a JSON object with the fields behind {@code seq}, of which there is at least one */
    Unnumbered(String gateway, String device, String kind, byte[] rest) {
        this.gateway = quoted(gateway);
        this.device = quoted(device);
        this.kind = quoted(kind);
        this.rest = rest;
    }

    /** Names are what the configuration allows, letters and digits, which need no quoting. */
    private static String quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
                return escaped(text);
            }
        }
        return text;
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    /** The whole record, UTF-8 (design, section 3). */
    public byte[] numbered(String epoch, long seq) {
        String head = "{\"v\":1,\"id\":\"" + gateway + "." + epoch + "." + device + "." + kind + "." + seq
                + "\",\"gw\":\"" + gateway + "\",\"ep\":\"" + epoch + "\",\"dev\":\"" + device
                + "\",\"k\":\"" + kind + "\",\"seq\":" + seq + ",";
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] record = new byte[start.length + rest.length - 1];
        System.arraycopy(start, 0, record, 0, start.length);
        System.arraycopy(rest, 1, record, start.length, rest.length - 1);
        return record;
    }
}
