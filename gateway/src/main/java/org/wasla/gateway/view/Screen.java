package org.wasla.gateway.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.wasla.gateway.device.LineQuality;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Observation;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordBody.Wave;
import org.wasla.gateway.observation.Result;

/**
 * The newest values of devices as they would stand on their screens, for the local page: in memory, bounded, gone with
 * the process. Thread-safe.
 */
public final class Screen {
    private static final int VALUES_MAX = 120;
    private static final int WAVES_MAX = 8;
    private static final int SAMPLES_MAX = 2_000;
    private static final int DEVICES_MAX = 256;
    /** Stands in the place of a sample that is missing. */
    static final int MISSING = Integer.MIN_VALUE;

    private final Map<String, Shown> devices = new TreeMap<>();
    private final Map<String, Count> lines = new TreeMap<>();

    /** What a device shows. */
    private static final class Shown {
        private final Map<String, Value> values = new LinkedHashMap<>();
        private final Map<String, Trace> waves = new LinkedHashMap<>();
        private long timeMs;
    }

    /**
     * One value, or its absence with the reason.
     *
     * @param timeMs UTC, when it was read
     */
    record Value(Observation what, long timeMs) {}

    /** Samples of a wave that nobody has seen yet; the newest are kept. */
    private static final class Trace {
        private Wave last;
        private final List<Integer> samples = new ArrayList<>();
        private long next;

        Trace(Wave first) {
            this.last = first;
            this.next = first.first();
        }

        /** A line that was opened anew counts from 0 again: then nothing is known to be missing. */
        void add(Wave wave) {
            last = wave;
            miss(wave.first() - next);
            long at = wave.first();
            int gap = 0;
            for (int sample : wave.samples()) {
                while (gap < wave.gaps().size() && wave.gaps().get(gap).first() <= at) {
                    miss(wave.gaps().get(gap).count());
                    at += wave.gaps().get(gap).count();
                    gap++;
                }
                samples.add(sample);
                at++;
            }
            next = at;
            int over = samples.size() - SAMPLES_MAX;
            if (over > 0) {
                samples.subList(0, over).clear();
            }
        }

        private void miss(long count) {
            for (long i = Math.min(count, SAMPLES_MAX); i > 0; i--) {
                samples.add(MISSING);
            }
        }
    }

    /** Samples since the look before, the newest last, {@link #MISSING} where there is none; {@code of} tells rate, scale and name. */
    record Waves(Wave of, List<Integer> samples) {}

    /**
     * What a device shows now.
     *
     * @param timeMs UTC, of its newest message
     */
    record Look(List<Value> values, List<Waves> waves, long timeMs) {}

    /** Bytes of a line by kind, since the start. */
    record Count(long bytes, long text, long flat) {
        static final Count NONE = new Count(0, 0, 0);

        Count with(byte[] chunk, int length) {
            int text = 0;
            int flat = 0;
            for (int i = 0; i < length; i++) {
                text += LineQuality.isText(chunk[i]) ? 1 : 0;
                flat += LineQuality.isFlat(chunk[i]) ? 1 : 0;
            }
            return new Count(bytes + length, this.text + text, this.flat + flat);
        }
    }

    public synchronized void heard(String line, byte[] bytes, int length) {
        if (length > 0) {
            lines.put(line, lines.getOrDefault(line, Count.NONE).with(bytes, length));
        }
    }

    synchronized Count count(String line) {
        return lines.getOrDefault(line, Count.NONE);
    }

    public synchronized void said(String device, Mapped mapped, long timeMs) {
        Shown shown = devices.get(device);
        if (shown == null) {
            if (devices.size() >= DEVICES_MAX) {
                return;
            }
            shown = new Shown();
            devices.put(device, shown);
        }
        shown.timeMs = timeMs;
        for (RecordBody body : mapped.bodies()) {
            if (body instanceof RecordBody.Numerics numerics) {
                for (Observation each : numerics.observations()) {
                    put(shown, each, timeMs);
                }
            } else if (body instanceof RecordBody.Results results) {
                for (Result each : results.results()) {
                    put(shown, each.what(), timeMs);
                }
            } else if (body instanceof Wave wave) {
                draw(shown, wave);
            }
        }
    }

    private static void put(Shown shown, Observation what, long timeMs) {
        String key = what.what().label()
                + '|'
                + what.what().name()
                + '|'
                + what.what().method();
        if (shown.values.containsKey(key) || shown.values.size() < VALUES_MAX) {
            shown.values.put(key, new Value(what, timeMs));
        }
    }

    private static void draw(Shown shown, Wave wave) {
        String key = wave.what().label();
        Trace trace = shown.waves.get(key);
        if (trace == null) {
            if (shown.waves.size() >= WAVES_MAX) {
                return;
            }
            trace = new Trace(wave);
            shown.waves.put(key, trace);
        }
        trace.add(wave);
    }

    /** The device is not heard any more, or another one is on its line: what it showed is not true any more. */
    public synchronized void clear(String device) {
        devices.remove(device);
        devices.keySet().removeIf(each -> each.startsWith(device + "-"));
    }

    /** The devices behind a port that have shown something, the port's own name first. */
    synchronized List<String> devices(String port) {
        return devices.keySet().stream()
                .filter(each -> each.equals(port) || each.startsWith(port + "-"))
                .toList();
    }

    /** Takes the samples of waves: the next look has those after them. */
    synchronized Look look(String device) {
        Shown shown = devices.get(device);
        if (shown == null) {
            return new Look(List.of(), List.of(), 0);
        }
        List<Waves> waves = new ArrayList<>();
        for (Trace trace : shown.waves.values()) {
            waves.add(new Waves(trace.last, List.copyOf(trace.samples)));
            trace.samples.clear();
        }
        return new Look(List.copyOf(shown.values.values()), waves, shown.timeMs);
    }
}
