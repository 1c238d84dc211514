package org.wasla.gateway.simulator;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.wasla.gateway.codec.ApduWriter;
import org.wasla.gateway.codec.IntellivueWire;
import org.wasla.gateway.codec.IntellivueWire.Carrier;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;

/**
 * A monitor's side of the Data Export talk (bedside.md 2.1): it accepts one client, says what it is, answers what is
 * polled for ten minutes, and drops a client that is silent for ten seconds. It speaks as it is spoken to, on RS-232 or
 * as on a LAN. One thread.
 */
public final class IntellivueSimulator implements Simulated {
    private static final long MS = 1_000_000;
    private static final long TICK_NS = 125_000;
    private static final long SILENT_NS = 10_000 * MS;
    private static final long POLLED_NS = 600_000 * MS;
    private static final int NUMERICS = 0x0006;
    private static final int WAVES = 0x0009;
    private static final int ALARMS = 0x0036;
    private final long startNs;
    private final IntellivueWire wire = new IntellivueWire(Carrier.EITHER);
    private final Map<Integer, Poll> polls = new HashMap<>();
    private boolean associated;
    private long heardNs;

    /** What a client polled last of a class of objects, and what it is sent next. */
    private static final class Poll {
        private final int of;
        private final int invoke;
        private final int number;
        private final long periodNs;
        private final long untilNs;
        private long dueNs;
        private int turn;

        Poll(int of, int invoke, int number, long nowNs) {
            this.of = of;
            this.invoke = invoke;
            this.number = number;
            this.periodNs = (of == WAVES ? 256 : of == ALARMS ? 2_000 : 1_000) * MS;
            this.untilNs = nowNs + POLLED_NS;
            this.dueNs = nowNs;
        }
    }

    public IntellivueSimulator(long nowNs) {
        this.startNs = nowNs;
        this.heardNs = nowNs;
    }

    @Override
    public List<Bytes> onBytes(byte[] chunk, int length, long nowNs, LocalDateTime now) {
        List<Bytes> out = new ArrayList<>();
        for (Piece piece : wire.put(chunk, length)) {
            if (piece instanceof Piece.Frame frame) {
                heardNs = nowNs;
                heard(frame.body(), nowNs, out);
            }
        }
        return out;
    }

    private void heard(Bytes unit, long nowNs, List<Bytes> out) {
        switch (unit.at(0)) {
            case 0x0D -> {
                associated = true;
                polls.clear();
                out.add(wire.wrap(accept()));
                out.add(wire.wrap(created(nowNs)));
            }
            case 0x09 -> {
                associated = false;
                out.add(wire.wrap(Bytes.hex("0A18 C116 6180 3080 0201 01A0 8063 8080 0100 0000000000000000")));
            }
            case 0xE1 -> asked(unit, nowNs, out);
            default -> {}
        }
    }

    private void asked(Bytes unit, long nowNs, List<Bytes> out) {
        if (!associated || unit.size() < 28 || u2(unit, 4) != 1) {
            return;
        }
        int invoke = u2(unit, 8);
        if (u2(unit, 10) == 5) {
            out.add(wire.wrap(data(2, invoke, 5, body -> body.u2(0x21).u4(0).hex("00000000"))));
        } else if (unit.size() >= 34 && u2(unit, 24) == 0xF13B) {
            int of = u2(unit, 32);
            polls.put(of, new Poll(of, invoke, u2(unit, 28), nowNs));
        } else if (unit.size() >= 34) {
            int number = u2(unit, 28);
            out.add(wire.wrap(data(
                    2,
                    invoke,
                    7,
                    body -> body.hex("0021 00000000 0C16")
                            .sized(result -> result.u2(number)
                                    .u4(ticks(nowNs))
                                    .hex("FFFFFFFFFFFFFFFF 0001 0021 080C")
                                    .list(
                                            1,
                                            contexts -> contexts.u2(0)
                                                    .list(
                                                            1,
                                                            objects -> objects.u2(0)
                                                                    .list(0, none -> {})))))));
        }
    }

    @Override
    public List<Bytes> onTime(long nowNs, LocalDateTime now) {
        List<Bytes> out = new ArrayList<>();
        if (associated && nowNs - heardNs >= SILENT_NS) {
            associated = false;
            out.add(wire.wrap(Bytes.hex("1903110103")));
        }
        for (Poll poll : associated ? List.copyOf(polls.values()) : List.<Poll>of()) {
            if (nowNs - poll.dueNs >= 0 && nowNs - poll.untilNs < 0) {
                poll.dueNs += poll.periodNs;
                result(poll, nowNs, now, out);
                poll.turn++;
            }
        }
        return out;
    }

    private void result(Poll poll, long nowNs, LocalDateTime now, List<Bytes> out) {
        long sinceMs = (nowNs - startNs) / MS;
        switch (poll.of) {
            case NUMERICS -> {
                List<List<Consumer<ApduWriter>>> parts = IntellivueVitals.numerics(sinceMs, now);
                for (int i = 0; i < parts.size(); i++) {
                    out.add(wire.wrap(polled(poll, i + 1, parts.get(i), ticks(nowNs), now)));
                }
                out.add(wire.wrap(polled(poll, 0, List.of(), ticks(nowNs), now)));
            }
            case WAVES -> {
                long ticks = (poll.dueNs - poll.periodNs - startNs) / TICK_NS;
                List<Consumer<ApduWriter>> waves = IntellivueVitals.waves(poll.turn);
                out.add(wire.wrap(polled(poll, 0, waves, ticks, now)));
            }
            case ALARMS -> out.add(wire.wrap(polled(poll, 0, IntellivueVitals.alarms(sinceMs), ticks(nowNs), now)));
            default -> {}
        }
    }

    /** @param link number of a linked result, 0 for one that ends them or stands alone */
    private static Bytes polled(
            Poll poll, int link, List<Consumer<ApduWriter>> objects, long ticks, LocalDateTime now) {
        Consumer<ApduWriter> result = body -> body.hex("0021 00000000 F13B")
                .sized(list -> list.u2(poll.number)
                        .u2(poll.turn & 0xffff)
                        .u4(ticks)
                        .hex(IntellivueVitals.bcd(now))
                        .u2(1)
                        .u2(poll.of)
                        .u2(0)
                        .list(objects.isEmpty() ? 0 : 1, contexts -> contexts(contexts, objects)));
        if (link == 0) {
            return data(2, poll.invoke, 7, result);
        }
        return new ApduWriter()
                .hex("E1000002 0005")
                .sized(unit -> unit.u1(link == 1 ? 1 : 2)
                        .u1(link)
                        .u2(poll.invoke)
                        .u2(7)
                        .sized(result))
                .bytes();
    }

    private static void contexts(ApduWriter out, List<Consumer<ApduWriter>> objects) {
        if (!objects.isEmpty()) {
            out.u2(1).list(objects.size(), list -> objects.forEach(object -> object.accept(list)));
        }
    }

    private static Bytes accept() {
        return new ApduWriter()
                .u1(0x0E)
                .indicated(session -> session.hex("0508 1301 0016 0102 8000 1402 0002 C1")
                        .indicated(presentation -> presentation
                                .hex("3180")
                                .indicated(user -> user.hex("80000000 40000000 00000000 00800000 20000000 00000000"))))
                .bytes();
    }

    private Bytes created(long nowNs) {
        return data(
                1,
                1,
                1,
                body -> body.hex("0021 00000000")
                        .u4(ticks(nowNs))
                        .u2(0x0D06)
                        .sized(event -> event.hex("0021 00000000")
                                .list(
                                        1,
                                        list -> list.u2(0x0928)
                                                .sized(model -> model.sized(maker -> maker.hex("5068696C697073 00"))
                                                        .sized(number -> number.hex("4D38303030 00"))))));
    }

    private static Bytes data(int kind, int invoke, int command, Consumer<ApduWriter> body) {
        return new ApduWriter()
                .hex("E1000002")
                .u2(kind)
                .sized(unit -> unit.u2(invoke).u2(command).sized(body))
                .bytes();
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = associated ? heardNs + SILENT_NS - nowNs : 3_600_000 * MS;
        for (Poll poll : associated ? polls.values() : List.<Poll>of()) {
            wait = nowNs - poll.untilNs < 0 ? Math.min(wait, poll.dueNs - nowNs) : wait;
        }
        return Math.max(0, wait);
    }

    /** With a wrong FCS on RS-232; as on a LAN with a wrong length. */
    @Override
    public Bytes damaged(Bytes message) {
        byte[] bytes = message.toArray();
        if (bytes.length > 8) {
            bytes[7] ^= 0x04;
        }
        return Bytes.of(bytes);
    }

    @Override
    public void breakNextCount() {
        // The damaged message has a wrong check already.
    }

    private long ticks(long nowNs) {
        return (nowNs - startNs) / TICK_NS;
    }

    private static int u2(Bytes unit, int at) {
        return unit.at(at) << 8 | unit.at(at + 1);
    }
}
