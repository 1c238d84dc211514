package org.wasla.gateway.codec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Gap;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;

/**
 * What is known of one wave object: how its samples are written, how fast they come, what they stand for, and when the
 * next one is due by the monitor's relative time (bedside.md 2.1). Until all of that was sent its samples are of no use
 * and are left out. A sample with a bit beyond the significant ones carries a mark and no value: it becomes a gap. One
 * thread.
 */
final class IntellivueWave {
    private static final int SAMPLES = 0x096E;
    private static final int SAMPLES_OF_MANY = 0x0967;
    private static final int SPECIFICATION = 0x096D;
    private static final int SCALE = 0x096F;
    private static final int PERIOD = 0x098D;
    private static final int UNIT = 0x0996;
    private static final int TICKS_A_SECOND = 8_000;
    private @Nullable Layout layout;
    private @Nullable Range range;
    private long periodTicks;
    private int unit;
    private boolean started;
    private long dueTicks;

    /** Samples as sent. */
    record Run(int id, int state, Bytes data) {}

    /** @param count samples of a run; {@code bits} of one, 8 or 16, of which the lowest {@code significant} count */
    private record Layout(int count, int bits, int significant) {}

    /** Which FLOATs the raw values {@code rawLow} and {@code rawHigh} stand for. */
    private record Range(long low, long high, int rawLow, int rawHigh) {}

    IntellivueWave copy() {
        IntellivueWave copy = new IntellivueWave();
        copy.layout = layout;
        copy.range = range;
        copy.periodTicks = periodTicks;
        copy.unit = unit;
        copy.started = started;
        copy.dueTicks = dueTicks;
        return copy;
    }

    /** Takes an attribute if it is one of a wave; breaks the cursor when a length is wrong. */
    void read(int attribute, Cursor in, List<Run> runs) {
        switch (attribute) {
            case SAMPLES -> runs.add(run(in));
            case SAMPLES_OF_MANY -> runs(in, runs);
            case SPECIFICATION -> layout = new Layout(in.u2(), in.u1(), in.u1());
            case SCALE -> range = new Range(in.u4(), in.u4(), in.u2(), in.u2());
            case PERIOD -> periodTicks = in.u4();
            case UNIT -> unit = in.u2();
            default -> in.skip(in.left());
        }
        if (attribute == SPECIFICATION) {
            in.skip(2);
        }
        in.end();
    }

    private static void runs(Cursor in, List<Run> runs) {
        int count = in.u2();
        Cursor list = in.part(in.u2());
        for (int i = 0; i < count && list.isSound(); i++) {
            runs.add(run(list));
        }
        list.end();
    }

    private static Run run(Cursor in) {
        int id = in.u2();
        int state = in.u2();
        return new Run(id, state, in.take(in.u2()));
    }

    /** Whether a run is as long as the wave's samples are, as far as that is known. */
    boolean fits(Run run) {
        return layout == null || run.data().size() == layout.count() * layout.bits() / 8;
    }

    /**
     * The runs of one poll as fields.
     *
     * @param time relative time of their first samples, in 1/8 ms
     */
    List<Field> fields(List<Run> runs, long time, Map<Integer, String> units, IntFunction<String> names) {
        Layout shape = layout;
        Scale scale = scale(units);
        if (shape == null || scale == null || shape.bits() != 8 && shape.bits() != 16) {
            return List.of();
        }
        int missing = missing(time, shape.count());
        List<Field> fields = new ArrayList<>();
        for (Run run : runs) {
            fields.add(samples(names.apply(run.id()), run, shape, scale, missing));
        }
        return fields;
    }

    private @Nullable Scale scale(Map<Integer, String> units) {
        Range known = range;
        if (known == null || periodTicks < 1 || known.rawLow() > known.rawHigh()) {
            return null;
        }
        String hz = BigDecimal.valueOf(TICKS_A_SECOND)
                .divide(BigDecimal.valueOf(periodTicks), 6, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
        String low = IntellivueFloat.isPlausible(known.low()) ? IntellivueFloat.text(known.low()) : null;
        String high = IntellivueFloat.isPlausible(known.high()) ? IntellivueFloat.text(known.high()) : null;
        if (low == null || high == null) {
            // A pleth has no absolute scale: its raw values are all there is.
            return new Scale(hz, "" + known.rawLow(), "" + known.rawHigh(), known.rawLow(), known.rawHigh(), null);
        }
        return new Scale(hz, low, high, known.rawLow(), known.rawHigh(), IntellivueObjects.unit(units, unit));
    }

    /** Samples that were lost before these, by the monitor's clock. A clock that went back tells nothing. */
    private int missing(long time, int count) {
        int late = (int) (time - dueTicks);
        int missing = started && late > 0 ? (int) (late / periodTicks) : 0;
        boolean onTime = started && Math.abs((long) late) < periodTicks;
        started = true;
        dueTicks = (onTime ? dueTicks : time) + count * periodTicks;
        return missing;
    }

    private static Samples samples(String name, Run run, Layout shape, Scale scale, int missing) {
        List<Integer> values = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        int step = shape.bits() / 8;
        int lost = missing;
        for (int at = 0; at < run.data().size(); at += step) {
            int value = run.data().at(at);
            value = step == 1 ? value : value << 8 | run.data().at(at + 1);
            if (value >>> shape.significant() != 0) {
                lost++;
                continue;
            }
            gap(gaps, values.size(), lost);
            lost = 0;
            values.add(value);
        }
        gap(gaps, values.size(), lost);
        return new Samples(name, values, gaps, scale, IntellivueState.flag(run.state()));
    }

    private static void gap(List<Gap> gaps, int before, int count) {
        if (count > 0) {
            gaps.add(new Gap(before, count));
        }
    }
}
