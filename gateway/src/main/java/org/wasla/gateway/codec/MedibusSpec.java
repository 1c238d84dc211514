package org.wasla.gateway.codec;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;

/**
 * How a MEDIBUS device is talked with (Draeger 90 28 258 and 90 28 329; bedside.md 2.3). Immutable.
 *
 * @param asks what is asked for, and how often
 * @param waves codes of the waves wanted (two hex digits), 4 at most; the most wanted first
 * @param hzMax most samples a second of each wave, 1 to 1000
 * @param models models by the device's id (four hex digits)
 * @param technical codes of the alarms that are about the device and not the patient, by list: cp1, cp2, cp3
 * @param quietNs without a good message for this long the device counts as silent
 * @param isReadOnly whether no byte is ever sent
 */
public record MedibusSpec(
        List<Ask> asks,
        List<String> waves,
        int hzMax,
        Map<String, String> models,
        Map<String, Set<String>> technical,
        long quietNs,
        boolean isReadOnly)
        implements TalkSpec {
    /** Most waves at a time. */
    public static final int WAVES_MAX = 4;

    private static final long GAP_NS = 2_000_000_000L;

    /** One question and its period. */
    public record Ask(MedibusQuestion question, long everyNs) {}

    /** Talks, and does not only listen. */
    public MedibusSpec(
            List<Ask> asks,
            List<String> waves,
            int hzMax,
            Map<String, String> models,
            Map<String, Set<String>> technical,
            long quietNs) {
        this(asks, waves, hzMax, models, technical, quietNs, false);
    }

    public MedibusSpec {
        asks = List.copyOf(asks);
        waves = List.copyOf(waves);
        models = Map.copyOf(models);
        technical = Map.copyOf(technical);
        if (waves.size() > WAVES_MAX || hzMax < 1) {
            throw new IllegalArgumentException("at most 4 waves, of at least one sample a second");
        }
    }

    @Override
    public Talk open(long nowNs) {
        return new MedibusTalk(this, nowNs);
    }

    @Override
    public TalkSpec listening() {
        return new MedibusSpec(asks, waves, hzMax, models, technical, quietNs, true);
    }

    @Override
    public long gapNs() {
        return GAP_NS;
    }

    /** The real-time stream has no checksum; it is read only when we have asked for it, and not from captures. */
    @Override
    public boolean isChecked() {
        return true;
    }

    String alarmKind(String list, String code) {
        return technical.getOrDefault(list, Set.of()).contains(code) ? "tech" : "phys";
    }
}
