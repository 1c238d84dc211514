package org.wasla.gateway.hl7;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Escape sequences of text (HL7 v2 chapter 2.7), between two escape characters:
 *
 * <pre>
 * F S T R E    field, component, subcomponent, repetition, escape character
 * Xhh...       bytes in the character set of the message; sequences side by side are read together
 * .br .ce      new line;  .spN: N new lines;  .skN: N blanks;  .fi .nf .inN .tiN H N: no text
 * </pre>
 *
 * What is none of these stays as sent.
 */
final class Er7Escape {
    private static final int SEQUENCE_MAX = 4096;
    private static final int SPACES_MAX = 100;

    private final String raw;
    private final Er7Delimiters marks;
    private final Charset charset;
    private final StringBuilder text;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    private Er7Escape(String raw, Er7Delimiters marks, Charset charset) {
        this.raw = raw;
        this.marks = marks;
        this.charset = charset;
        this.text = new StringBuilder(raw.length());
    }

    static String read(String raw, Er7Delimiters marks, Charset charset) {
        return raw.indexOf(marks.escape()) < 0 ? raw : new Er7Escape(raw, marks, charset).read();
    }

    private String read() {
        int at = 0;
        while (at < raw.length()) {
            int end = raw.charAt(at) == marks.escape() ? raw.indexOf(marks.escape(), at + 1) : -1;
            if (end < 0 || end - at > SEQUENCE_MAX) {
                flush();
                text.append(raw.charAt(at));
                at++;
            } else if (sequence(raw.substring(at + 1, end))) {
                at = end + 1;
            } else {
                flush();
                text.append(raw, at, end + 1);
                at = end + 1;
            }
        }
        flush();
        return text.toString();
    }

    /** False for a sequence that stays as sent. */
    private boolean sequence(String name) {
        if (name.startsWith("X") && hex(name)) {
            return true;
        }
        String plain = plain(name);
        if (plain == null) {
            return false;
        }
        flush();
        text.append(plain);
        return true;
    }

    private boolean hex(String name) {
        byte[] found = new byte[name.length() / 2];
        for (int i = 0; i < found.length; i++) {
            int high = Character.digit(name.charAt(2 * i + 1), 16);
            int low = 2 * i + 2 < name.length() ? Character.digit(name.charAt(2 * i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            found[i] = (byte) (high << 4 | low);
        }
        octets.writeBytes(found);
        return found.length > 0;
    }

    private void flush() {
        if (octets.size() > 0) {
            text.append(octets.toString(charset));
            octets.reset();
        }
    }

    private @Nullable String plain(String name) {
        return switch (name) {
            case "F" -> String.valueOf(marks.field());
            case "S" -> String.valueOf(marks.component());
            case "T" -> String.valueOf(marks.subcomponent());
            case "R" -> String.valueOf(marks.repetition());
            case "E" -> String.valueOf(marks.escape());
            case "H", "N", ".fi", ".nf" -> "";
            case ".br", ".ce" -> "\n";
            default -> layout(name);
        };
    }

    private static @Nullable String layout(String name) {
        String number = name.length() < 3 ? "?" : name.substring(3).replaceFirst("^[-+ ]", "");
        if (!number.matches("\\d{0,3}")) {
            return null;
        }
        int count = number.isEmpty() ? 1 : Math.min(SPACES_MAX, Integer.parseInt(number));
        return switch (name.substring(0, 3)) {
            case ".sp" -> "\n".repeat(count);
            case ".sk" -> " ".repeat(count);
            case ".in", ".ti" -> "";
            default -> null;
        };
    }

    /** The text with everything escaped that would part it; line ends become bytes in hex. */
    static String write(String text, Er7Delimiters marks) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == marks.field()) {
                out.append(sequence("F", marks));
            } else if (letter == marks.component()) {
                out.append(sequence("S", marks));
            } else if (letter == marks.subcomponent()) {
                out.append(sequence("T", marks));
            } else if (letter == marks.repetition()) {
                out.append(sequence("R", marks));
            } else if (letter == marks.escape()) {
                out.append(sequence("E", marks));
            } else if (letter < ' ') {
                out.append(sequence(String.format(Locale.ROOT, "X%02X", (int) letter), marks));
            } else {
                out.append(letter);
            }
        }
        return out.toString();
    }

    /** Without an escape character nothing can be said but a blank. */
    private static String sequence(String name, Er7Delimiters marks) {
        return marks.escape() == Er7Delimiters.NONE ? " " : marks.escape() + name + marks.escape();
    }
}
