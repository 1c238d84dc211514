package org.wasla.gateway.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;

/**
 * Reads the alarm lists 0902h (patient) and 0904h (technical): each holds every alarm there is. Layout from public
 * readers (mdpnp, BSD-2), not seen in real bytes. Stateless.
 *
 * <pre>
 * count u2 | length u2 | per alarm:
 *   source u2 | code u2 | type u2 | state u2 | object: class u2, context u2, handle u2 | form u2 | length u2 | info
 *   info: instance u2 | text id u4 | priority u2 | flags u2 | with form 0204h: length u2, UTF-16
 * </pre>
 */
final class IntellivueAlarms {
    static final int PATIENT = 0x0902;
    static final int TECHNICAL = 0x0904;
    private static final int WITH_TEXT = 0x0204;
    private static final int LATCHED = 0x2000;

    private IntellivueAlarms() {}

    /** Breaks the cursor when a length is wrong. */
    static Alarms read(int attribute, Cursor in) {
        String kind = attribute == PATIENT ? "phys" : "tech";
        List<Alarm> alarms = new ArrayList<>();
        int count = in.u2();
        Cursor list = in.part(in.u2());
        in.end();
        for (int i = 0; i < count && list.isSound(); i++) {
            alarms.add(alarm(kind, list));
        }
        list.end();
        return new Alarms(kind, alarms, true);
    }

    private static Alarm alarm(String kind, Cursor in) {
        int source = in.u2();
        int code = in.u2();
        int type = in.u2();
        int state = in.u2();
        in.skip(2);
        long object = in.u4();
        int form = in.u2();
        Cursor info = in.part(in.u2());
        // The same code can stand for several sources, and a source can be there twice.
        String id = code + "-" + source + "-" + object;
        return new Alarm(
                id, form == WITH_TEXT ? text(info) : "", kind, priority(type), state(type, state), source(source));
    }

    private static String source(int source) {
        return Integer.toString(source);
    }

    private static String text(Cursor info) {
        info.skip(10);
        return string(info);
    }

    /** A length in bytes and UTF-16 text; zeros and blanks at its end are filling. */
    static String string(Cursor in) {
        Bytes text = in.take(in.u2());
        in.end();
        return new String(text.toArray(), StandardCharsets.UTF_16BE)
                .replace('\0', ' ')
                .strip();
    }

    private static String priority(int type) {
        if ((type & 0x0404) != 0) {
            return "high";
        }
        if ((type & 0x0202) != 0) {
            return "medium";
        }
        return (type & 0x0101) != 0 ? "low" : "none";
    }

    /** A silenced or suspended alarm goes on; one without a type is over. */
    private static String state(int type, int state) {
        if (type == 0) {
            return "inactive";
        }
        return (state & LATCHED) != 0 ? "latched" : "active";
    }
}
