package org.wasla.gateway.simulator;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.wasla.gateway.codec.ApduWriter;

/**
 * What a simulated monitor measures: objects with their attributes, as its Data Export writes them (bedside.md 2.1).
 * Each object is what writes a handle and an attribute list. Pure; the values are invented.
 */
final class IntellivueVitals {
    /** Waves are sent every 256 ms: 2,048 ticks of 1/8 ms. */
    static final int WAVE_TICKS = 2_048;

    private static final DateTimeFormatter BCD = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'00'");
    private static final int PER_MINUTE = 0x0AA0;
    private static final int PERCENT = 0x0220;
    private static final int MM_HG = 0x0F20;
    private static final int NOT_THERE = 0x2000;
    private static final int NO_NUMBER = 0x007FFFFF;

    private IntellivueVitals() {}

    /** One number: id, measurement state, unit, FLOAT. */
    private record Number(int id, int state, int unit, int value) {
        static Number of(int id, int unit, int mantissa, int exponent) {
            return new Number(id, 0, unit, exponent << 24 | mantissa & 0xFFFFFF);
        }
    }

    /** The number objects, in the parts that go into one frame each. */
    static List<List<Consumer<ApduWriter>>> numerics(long sinceMs, LocalDateTime now) {
        int pulse = swing(62, 88, 40_000, sinceMs);
        return List.of(
                List.of(
                        number(0x82CF, "HR", Number.of(16770, PER_MINUTE, pulse, 0)),
                        number(0x82E8, "PVC", Number.of(16993, PER_MINUTE, 0, 0)),
                        number(0x82D6, "RR", Number.of(20490, 0x0AE0, swing(12, 18, 60_000, sinceMs), 0)),
                        number(0x8400, "SpO\u2082", Number.of(19384, PERCENT, swing(95, 98, 50_000, sinceMs), 0)),
                        number(0x8406, "Pulse", Number.of(18466, PER_MINUTE, pulse, 0))),
                List.of(
                        number(0x8600, "Temp", Number.of(19272, 0x17A0, swing(366, 371, 600_000, sinceMs), -1)),
                        number(0x8408, "etCO\u2082", new Number(20656, NOT_THERE, MM_HG, NO_NUMBER)),
                        pressures(0x8500, "ABP", 18964, "", swing(112, 126, 45_000, sinceMs)),
                        pressures(0x8272, "NBP", 18948, BCD.format(now.minusMinutes(5)), 118)));
    }

    /** Electrocardiogram at 250 Hz, pleth at 125 Hz, respiration at 62.5 Hz; every fourth time with what they are. */
    static List<Consumer<ApduWriter>> waves(long turn) {
        boolean described = turn % 4 == 0;
        return List.of(
                wave(
                        0x02CA,
                        "ECG",
                        258,
                        64,
                        turn,
                        described,
                        described(64, 14, 0xFEFFF000, 0xFD009FFB, 16_383, 0x10B2)),
                wave(
                        0x0402,
                        "Pleth",
                        19380,
                        32,
                        turn,
                        described,
                        described(32, 12, NO_NUMBER, NO_NUMBER, 4_095, 0x0200)),
                wave(0x0302, "Resp", 20480, 16, turn, described, described(16, 12, 0, 4_095, 4_095, 0x10C0)));
    }

    /** The alarm object; a patient alarm comes and goes every half minute. */
    static List<Consumer<ApduWriter>> alarms(long sinceMs) {
        boolean low = sinceMs / 30_000 % 2 == 1;
        Consumer<ApduWriter> patient = list -> alarm(list, 19384, 2, 0x0200, "** SpO\u2082 94 < 95");
        Consumer<ApduWriter> technical = list -> alarm(list, 20656, 4, 0x0001, "CO\u2082 NO SENSOR");
        return List.of(object(
                0x0036,
                List.of(
                        attribute(0x0902, value -> value.list(low ? 1 : 0, low ? patient : list -> {})),
                        attribute(0x0904, value -> value.list(1, technical)))));
    }

    private static void alarm(ApduWriter out, int source, int code, int type, String text) {
        out.u2(source).u2(code).u2(type).u2(0).u2(6).u2(1).u2(0x8400).u2(0x0204);
        out.sized(info -> text(info.u2(1).u4(0).u2(0).u2(0x4000), text));
    }

    private static Consumer<ApduWriter> number(int handle, String label, Number number) {
        return object(handle, List.of(label(label), attribute(0x0950, value -> write(value, number))));
    }

    /** Systolic, diastolic and mean; {@code measuredAt} as BCD digits, or empty. */
    private static Consumer<ApduWriter> pressures(int handle, String label, int id, String measuredAt, int systolic) {
        List<Consumer<ApduWriter>> attributes = new ArrayList<>(List.of(
                label(label),
                attribute(
                        0x094B,
                        value -> value.list(3, list -> {
                            write(list, Number.of(id + 1, MM_HG, systolic, 0));
                            write(list, Number.of(id + 2, MM_HG, systolic - 48, 0));
                            write(list, Number.of(id + 3, MM_HG, systolic - 31, 0));
                        }))));
        if (!measuredAt.isEmpty()) {
            attributes.add(attribute(0x0990, value -> value.hex(measuredAt)));
        }
        return object(handle, attributes);
    }

    private static void write(ApduWriter out, Number number) {
        out.u2(number.id()).u2(number.state()).u2(number.unit()).u4(number.value());
    }

    private static Consumer<ApduWriter> wave(
            int handle,
            String label,
            int id,
            int count,
            long turn,
            boolean described,
            List<Consumer<ApduWriter>> description) {
        List<Consumer<ApduWriter>> attributes = new ArrayList<>();
        if (described) {
            attributes.add(label(label));
            attributes.addAll(description);
        }
        IntUnaryOperator shape = id == 258 ? IntellivueVitals::beat : IntellivueVitals::breath;
        attributes.add(attribute(
                0x096E,
                value -> value.u2(id).u2(0).sized(samples -> {
                    for (int i = 0; i < count; i++) {
                        // In 1/256 of a beat of 1,024 ms, or of a slower breath of 4,096 ms.
                        samples.u2(shape.applyAsInt((int) (turn * 64 + i * 64L / count)));
                    }
                })));
        return object(handle, attributes);
    }

    /** Samples a run, significant bits, what raw 0 and the highest raw value stand for, that value, unit. */
    private static List<Consumer<ApduWriter>> described(int count, int bits, int low, int high, int most, int unit) {
        return List.of(
                attribute(0x096D, value -> value.u2(count).u1(16).u1(bits).u2(0)),
                attribute(0x098D, value -> value.u4(WAVE_TICKS / count)),
                attribute(0x0996, value -> value.u2(unit)),
                attribute(0x096F, value -> value.u4(low).u4(high).u2(0).u2(most)));
    }

    private static int beat(int phase) {
        int at = phase & 0xff;
        return at < 8 ? 8_192 + 60 * at : at < 16 ? 8_672 - 80 * (at - 8) : 8_192 + (at > 60 && at < 90 ? 40 : 0);
    }

    private static int breath(int phase) {
        return (int) (2_048 - 1_500 * Math.cos(2 * Math.PI * (phase & 0x3ff) / 1_024));
    }

    private static Consumer<ApduWriter> label(String label) {
        return attribute(0x0927, value -> text(value, String.format("%-6s", label) + '\0'));
    }

    private static void text(ApduWriter out, String text) {
        String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_16BE));
        out.sized(string -> string.hex(hex));
    }

    private static Consumer<ApduWriter> attribute(int id, Consumer<ApduWriter> value) {
        return out -> out.u2(id).sized(value);
    }

    private static Consumer<ApduWriter> object(int handle, List<Consumer<ApduWriter>> attributes) {
        return out -> out.u2(handle).list(attributes.size(), list -> attributes.forEach(each -> each.accept(list)));
    }

    /** @return the date and time as eight BCD bytes, in hex */
    static String bcd(LocalDateTime now) {
        return BCD.format(now);
    }

    private static int swing(int low, int high, long periodMs, long sinceMs) {
        double phase = 2 * Math.PI * (sinceMs % periodMs) / periodMs;
        return (int) Math.round(low + (high - low) * (1 - Math.cos(phase)) / 2);
    }
}
