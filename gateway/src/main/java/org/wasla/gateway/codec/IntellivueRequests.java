package org.wasla.gateway.codec;

import java.util.List;
import java.util.function.Consumer;
import org.wasla.gateway.frame.Bytes;

/** The units that a client sends (bedside.md 2.1); the numbers in them count up. One thread. */
final class IntellivueRequests {
    /** How long the monitor answers an extended poll: ten minutes in 1/8 ms. */
    private static final long POLLED_TICKS = 4_800_000;

    private static final int CONFIRMED_SET = 5;
    private static final int PRODUCTION_GROUP = 0x080C;
    private static final int ALARM_GROUP = 0x0801;
    private static final int POLL_PERIOD = 0xF13E;
    private static final int WAVE_PRIORITIES = 0xF23A;
    private static final String OID = "2A8648CE140201000000";
    private int invoke;
    private int poll;

    /**
     * A cold start with extended polls of numerics (once a second), alarms and waves.
     *
     * <pre>
     * 0D | length | session | C1 length | presentation | user data, with 16 zeros behind
     * </pre>
     */
    Bytes association() {
        return new ApduWriter()
                .u1(IntellivueApdu.ASK)
                .indicated(session -> session.hex("0508 1301 0016 0102 8000 1402 0002 C1")
                        .indicated(IntellivueRequests::presentation))
                .bytes();
    }

    private static void presentation(ApduWriter out) {
        out.hex("3180 A080 8001 0100 00A2 80A0 0300 0001 A480 3080 0201 0106 0452 0100 01")
                .hex("3080 0602 5101 0000 0000 3080 0201 0206 0C" + OID + "0101 3080 060C" + OID + "0201")
                .hex("0000 0000 0000 6180 3080 0201 01A0 8060 80A1 8006 0C" + OID + "0301 0000 BE80 2880")
                .hex("060C" + OID + "0101 0201 0281")
                .indicated(IntellivueRequests::userData)
                .hex("00".repeat(16));
    }

    /** Versions, the client's role, the start mode, no options, and the one profile: polled data export. */
    private static void userData(ApduWriter out) {
        out.hex("80000000 40000000 00000000 80000000 20000000 00000000")
                .list(
                        1,
                        profiles -> profiles.u2(1)
                                .sized(profile -> profile.hex("80000000")
                                        .u4(4_000)
                                        .hex("000003E4 000003E4 FFFFFFFF 60000000")
                                        .list(
                                                1,
                                                packages -> packages.u2(0xF001)
                                                        .sized(options -> options.hex("8E000000 00000000")))));
    }

    Bytes release() {
        return Bytes.hex("0918 C116 6180 3080 0201 01A0 8062 8080 0100 0000000000000000");
    }

    /** The answer to the event with which the monitor says what it is. */
    Bytes createResult(IntellivueApdu event) {
        return data(
                IntellivueApdu.RESULT,
                event.invoke(),
                1,
                body -> body.u2(IntellivueApdu.MONITOR)
                        .u4(0)
                        .u4(event.time())
                        .u2(IntellivueApdu.CREATED)
                        .u2(0));
    }

    /** Numerics, waves or alarms, again and again for ten minutes. */
    Bytes extendedPoll(int of) {
        int group = of == IntellivueApdu.ALARMS ? ALARM_GROUP : 0;
        int number = ++poll & 0xffff;
        return invoke(
                IntellivueApdu.ACTION,
                body -> body.u2(IntellivueApdu.EXTENDED_POLL)
                        .sized(action -> action.u2(number)
                                .u2(1)
                                .u2(of)
                                .u2(group)
                                .list(1, list -> list.u2(POLL_PERIOD).sized(period -> period.u4(POLLED_TICKS)))));
    }

    /** Asks for what the monitor is, once: that we live is all that it shall tell. Never for the patient. */
    Bytes keepAlive() {
        int number = ++poll & 0xffff;
        return invoke(
                IntellivueApdu.ACTION,
                body -> body.u2(IntellivueApdu.SINGLE_POLL)
                        .sized(action -> action.u2(number)
                                .u2(1)
                                .u2(IntellivueApdu.MONITOR)
                                .u2(PRODUCTION_GROUP)));
    }

    /** Which waves are sent, by the ids of their labels. */
    Bytes wavePriorities(List<Integer> labels) {
        return invoke(
                CONFIRMED_SET,
                body -> body.list(
                        1,
                        changes -> changes.u2(0)
                                .u2(WAVE_PRIORITIES)
                                .sized(value -> value.list(labels.size(), list -> labels.forEach(list::u4)))));
    }

    /** A request to the monitor's own object, with scope 0. */
    private Bytes invoke(int command, Consumer<ApduWriter> body) {
        int id = ++invoke & 0xffff;
        return data(1, id, command, out -> {
            out.u2(IntellivueApdu.MONITOR).u4(0).u4(0);
            body.accept(out);
        });
    }

    private static Bytes data(int kind, int id, int command, Consumer<ApduWriter> body) {
        return new ApduWriter()
                .hex("E1000002")
                .u2(kind)
                .sized(unit -> unit.u2(id).u2(command).sized(body))
                .bytes();
    }
}
