package org.wasla.gateway.observation;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Walks over JSON without decoding it, so that what is copied keeps every digit and every escape. It follows quotes and
 * brackets only, and is for records that we wrote. One thread.
 */
final class RawJson {

    private final byte[] json;
    private int at;

    RawJson(byte[] json) {
        this.json = json;
    }

    RawJson(String json) {
        this(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Steps over this byte, and over blanks before it; false when something else stands here. */
    boolean take(char expected) {
        blanks();
        if (at < json.length && json[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    /** Whether all has been read. */
    boolean isAtEnd() {
        blanks();
        return at == json.length;
    }

    /** The name of a field with its colon behind it, without quotes; null when there is none. */
    @Nullable
    String name() {
        String quoted = value();
        return quoted == null || !quoted.startsWith("\"") || !take(':')
                ? null
                : quoted.substring(1, quoted.length() - 1);
    }

    /** The next value as it is written, null when there is none. */
    @Nullable
    String value() {
        blanks();
        int start = at;
        if (at < json.length && json[at] == '"') {
            return string() ? text(start) : null;
        }
        int depth = 0;
        while (at < json.length) {
            byte next = json[at];
            if (next == '"') {
                if (!string()) {
                    return null;
                }
                continue;
            }
            if (depth == 0 && (next == ',' || next == '}' || next == ']' || next <= ' ')) {
                break;
            }
            depth += next == '{' || next == '[' ? 1 : next == '}' || next == ']' ? -1 : 0;
            at++;
            if (depth == 0 && (next == '}' || next == ']')) {
                break;
            }
        }
        return depth == 0 && at > start ? text(start) : null;
    }

    private boolean string() {
        at++;
        while (at < json.length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        at++;
        return at <= json.length;
    }

    private void blanks() {
        while (at < json.length && json[at] <= ' ' && json[at] >= 0) {
            at++;
        }
    }

    private String text(int start) {
        return new String(json, start, at - start, StandardCharsets.UTF_8);
    }
}
