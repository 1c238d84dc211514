package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * One protocol unit of a monitor, whole and with every length right (bedside.md 2.1). Immutable.
 *
 * <pre>
 * 0E 0C 19 0A | length, or FF and u2 | ...       accept, refuse, abort, released
 * E1 00 | 00 02 | kind u2 | length u2 | [linked: state u1, count u1] | invoke u2 | command u2 | length u2 | ...
 * </pre>
 *
 * @param invoke id of the request that is answered, or of the event
 * @param time the monitor's relative time in 1/8 ms, a u4 that wraps; 0 where there is none
 * @param wallClock 8 BCD bytes, or none
 * @param of class of the polled objects, such as {@link #NUMERICS}; 0 where nothing was polled
 * @param objects what was polled, or the attributes of the monitor itself in an event
 */
record IntellivueApdu(Kind kind, int invoke, long time, Bytes wallClock, int of, List<Instance> objects) {
    static final int ASK = 0x0D;
    static final int ACCEPT = 0x0E;
    static final int REFUSE = 0x0C;
    static final int ABORT = 0x19;
    static final int RELEASE = 0x09;
    static final int RELEASED = 0x0A;
    static final int DATA = 0xE1;
    private static final int SESSION = 0x0508;
    static final int NUMERICS = 0x0006;
    static final int WAVES = 0x0009;
    static final int MONITOR = 0x0021;
    static final int ALARMS = 0x0036;
    static final int CREATED = 0x0D06;
    static final int SINGLE_POLL = 0x0C16;
    static final int EXTENDED_POLL = 0xF13B;
    static final int RESULT = 2;
    static final int ERROR = 3;
    static final int LINKED = 5;
    static final int ACTION = 7;

    IntellivueApdu {
        objects = List.copyOf(objects);
    }

    /** What it is for. OTHER is a whole unit that carries nothing for us: the answer to a setting, an error. */
    enum Kind {
        ACCEPT,
        REFUSE,
        ABORT,
        RELEASED,
        CREATED,
        POLLED,
        OTHER
    }

    /** An object of the monitor: its context and handle as one number, and its attributes as sent. */
    record Instance(int handle, List<Attribute> attributes) {
        Instance {
            attributes = List.copyOf(attributes);
        }
    }

    record Attribute(int id, Bytes value) {}

    /** Whether the bytes are exactly one unit by the length that they declare: on a LAN nothing else frames them. */
    static boolean isWhole(byte[] buffer, int length) {
        if (length < 4) {
            return false;
        }
        int size = buffer[1] & 0xff;
        return switch (buffer[0] & 0xff) {
            case ASK, ACCEPT, REFUSE, ABORT, RELEASE, RELEASED ->
                length == (size < 0xff ? 2 + size : 4 + u2(buffer, 2));
            case DATA -> length >= 14 && size == 0 && u2(buffer, 2) == 2 && length == 8 + u2(buffer, 6);
            default -> false;
        };
    }

    /** Whether a whole unit cannot be met in noise: the short ones of an association can. */
    static boolean isUnmistakable(byte[] buffer, int length) {
        int begin = buffer[0] & 0xff;
        boolean associates = begin == ASK || begin == ACCEPT;
        return begin == DATA || associates && length > 100 && u2(buffer, 2) == SESSION;
    }

    private static int u2(byte[] buffer, int at) {
        return (buffer[at] & 0xff) << 8 | buffer[at + 1] & 0xff;
    }

    /** Null when a length, a count or an offset is wrong: nothing of such a unit is of use. */
    static @Nullable IntellivueApdu parse(Bytes body) {
        if (!isWhole(body.toArray(), body.size())) {
            return null;
        }
        Cursor in = new Cursor(body);
        IntellivueApdu apdu = switch (in.u1()) {
            case ACCEPT -> plain(Kind.ACCEPT, 0);
            case REFUSE -> plain(Kind.REFUSE, 0);
            case ABORT, RELEASE -> plain(Kind.ABORT, 0);
            case RELEASED -> plain(Kind.RELEASED, 0);
            case DATA -> data(in);
            default -> null;
        };
        return in.isSound() ? apdu : null;
    }

    private static IntellivueApdu plain(Kind kind, int invoke) {
        return new IntellivueApdu(kind, invoke, 0, Bytes.NONE, 0, List.of());
    }

    private static IntellivueApdu data(Cursor in) {
        in.skip(3);
        int kind = in.u2();
        in.skip(kind == LINKED ? 4 : 2);
        int invoke = in.u2();
        if (kind == ERROR) {
            return plain(Kind.OTHER, invoke);
        }
        int command = in.u2();
        Cursor body = in.part(in.u2());
        in.end();
        body.skip(6);
        if (kind == 1 && command == 1) {
            return event(invoke, body);
        }
        if ((kind == RESULT || kind == LINKED) && command == ACTION) {
            return polled(invoke, body);
        }
        return plain(Kind.OTHER, invoke);
    }

    private static IntellivueApdu event(int invoke, Cursor in) {
        long time = in.u4();
        int type = in.u2();
        Cursor body = in.part(in.u2());
        in.end();
        if (type != CREATED) {
            return plain(Kind.OTHER, invoke);
        }
        body.skip(6);
        Instance monitor = new Instance(0, attributes(body));
        body.end();
        return new IntellivueApdu(Kind.CREATED, invoke, time, Bytes.NONE, MONITOR, List.of(monitor));
    }

    private static IntellivueApdu polled(int invoke, Cursor in) {
        int action = in.u2();
        Cursor body = in.part(in.u2());
        in.end();
        if (action != SINGLE_POLL && action != EXTENDED_POLL) {
            return plain(Kind.OTHER, invoke);
        }
        body.skip(action == EXTENDED_POLL ? 4 : 2);
        long time = body.u4();
        Bytes wallClock = body.take(8);
        body.skip(2);
        int of = body.u2();
        body.skip(2);
        List<Instance> objects = objects(body);
        body.end();
        return new IntellivueApdu(Kind.POLLED, invoke, time, wallClock, of, objects);
    }

    private static List<Instance> objects(Cursor in) {
        List<Instance> objects = new ArrayList<>();
        int contexts = in.u2();
        Cursor list = in.part(in.u2());
        for (int i = 0; i < contexts && list.isSound(); i++) {
            int context = list.u2();
            int count = list.u2();
            Cursor inside = list.part(list.u2());
            for (int j = 0; j < count && list.isSound(); j++) {
                objects.add(new Instance(context << 16 | inside.u2(), attributes(inside)));
            }
            inside.end();
        }
        list.end();
        return objects;
    }

    private static List<Attribute> attributes(Cursor in) {
        List<Attribute> attributes = new ArrayList<>();
        int count = in.u2();
        Cursor list = in.part(in.u2());
        for (int i = 0; i < count && list.isSound(); i++) {
            int id = list.u2();
            attributes.add(new Attribute(id, list.take(list.u2())));
        }
        list.end();
        return attributes;
    }
}
