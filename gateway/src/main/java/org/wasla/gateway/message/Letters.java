package org.wasla.gateway.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/**
 * How the texts of a message are written; until they are published they hold one character a byte. Where no checksum
 * does, a byte outside of it shows a damaged character.
 */
public enum Letters {
    /** Printable ASCII only. */
    ASCII,
    /** ISO 8859-1, without control characters. */
    LATIN1,
    /** UTF-8, without control characters. */
    UTF_8;

    /** Whether all texts of the field are written so. */
    boolean has(Field field) {
        if (field instanceof Item item) {
            return read(item.name()) != null && read(item.text()) != null;
        }
        return !(field instanceof Alarms list)
                || list.alarms().stream().allMatch(alarm -> read(alarm.id()) != null && read(alarm.text()) != null);
    }

    /** @return the field with its texts as they read */
    Field shown(Field field) {
        if (field instanceof Item item) {
            return new Item(shown(item.name()), shown(item.text()), item.unit(), item.flag());
        }
        return field instanceof Alarms list
                ? new Alarms(
                        list.name(), list.alarms().stream().map(this::shown).toList(), list.complete())
                : field;
    }

    private Alarm shown(Alarm alarm) {
        return new Alarm(
                shown(alarm.id()), shown(alarm.text()), alarm.kind(), alarm.priority(), alarm.state(), alarm.source());
    }

    private String shown(String bytes) {
        return Objects.requireNonNullElse(read(bytes), bytes);
    }

    /** Null when the bytes are not written so or hold what cannot be shown. */
    private @Nullable String read(String bytes) {
        if (isPlain(bytes)) {
            return bytes;
        }
        String text = this == UTF_8 ? utf8(bytes) : bytes;
        boolean isShown = this != ASCII && text != null && text.chars().noneMatch(Character::isISOControl);
        return isShown ? text : null;
    }

    /** Nearly every text is: a loop, since a stream costs more than the rest of a message. */
    private static boolean isPlain(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String utf8(String bytes) {
        byte[] sent = bytes.getBytes(StandardCharsets.ISO_8859_1);
        String text = new String(sent, StandardCharsets.UTF_8);
        return Arrays.equals(sent, text.getBytes(StandardCharsets.UTF_8)) ? text : null;
    }
}
