package org.wasla.gateway.observation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Mapping.By;
import org.wasla.gateway.observation.Mapping.Counter;
import org.wasla.gateway.observation.Mapping.Rule;
import org.wasla.gateway.observation.Mapping.WaveRule;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.RecordBody.Wave;

/** Turns the samples in one device's messages into waves, and counts them from message to message. Pure; one thread. */
final class WaveMapper {
    private static final Scale UNKNOWN = new Scale("0", "0", "0", 0, 0, null);
    private final Mapping mapping;
    private final Map<String, Long> sampleCounts = new HashMap<>();
    private final Map<String, Wave> gathered = new HashMap<>();
    /** The number of the last message that had samples of a wave. */
    private final Map<String, Long> numbers = new HashMap<>();

    WaveMapper(Mapping mapping) {
        this.mapping = mapping;
    }

    /** @param flag what the device says against the samples, or null */
    void add(Message message, Samples samples, @Nullable Flag flag, List<RecordBody> bodies) {
        WaveRule rule = rule(message, samples.name());
        String counter = message.part() + "/" + samples.name();
        long start = sampleCounts.getOrDefault(counter, 0L);
        List<Wave.Gap> gaps = new ArrayList<>();
        long first = start;
        long missing = 0;
        for (Message.Gap gap : gaps(counter, rule, message, samples)) {
            gaps.add(new Wave.Gap(start + gap.before() + missing, gap.count()));
            missing += gap.count();
            first = gap.before() == 0 ? start + missing : first;
        }
        sampleCounts.put(counter, start + missing + samples.values().size());
        Scale told = samples.scale();
        Scale scale = scale(told, rule);
        Meaning what = (rule == null ? Meaning.unmapped(samples.name()) : meaning(rule, message)).in(scale.unit());
        boolean hidden = flag != null && flag.hidesValue();
        Wave wave = new Wave(what, scale, first, hidden ? List.of() : samples.values(), gaps, flag);
        boolean isPlain = hidden || told != null && told.hasBounds() || rule == null;
        if (!gaps.isEmpty()) {
            Optional.ofNullable(gathered.remove(counter)).ifPresent(bodies::add);
        }
        for (Wave run : isPlain ? List.of(wave) : runs(wave)) {
            if (rule == null || rule.gather() <= 1) {
                bodies.add(run);
            } else {
                gather(counter, run, rule.gather(), bodies);
            }
        }
    }

    /** The device is not heard any more: how many samples are missing when it comes back, no number can tell. */
    void lost() {
        numbers.clear();
    }

    /** Those that the message tells of; else those that its number shows. */
    private List<Message.Gap> gaps(String counter, @Nullable WaveRule rule, Message message, Samples samples) {
        Counter counted = rule == null ? null : rule.counter();
        String text = counted == null ? null : message.text(counted.field());
        if (counted == null || text == null || !text.matches("\\d{1,10}")) {
            return samples.gaps();
        }
        long number = Long.parseLong(text);
        Long last = numbers.put(counter, number);
        long missing = last == null
                ? 0
                : (long) counted.missing(last, number) * samples.values().size();
        boolean isTold = missing > 0 && missing <= Integer.MAX_VALUE;
        return isTold ? List.of(new Message.Gap(0, (int) missing)) : samples.gaps();
    }

    private static Scale scale(@Nullable Scale told, @Nullable WaveRule rule) {
        if (told == null) {
            return rule == null ? UNKNOWN : rule.scale();
        }
        return told.hasBounds() || rule == null ? told : rule.scale().at(told.hz());
    }

    /** Holds samples until there are enough for a record, or they are of another kind. */
    private void gather(String counter, Wave wave, int enough, List<RecordBody> bodies) {
        Wave held = gathered.remove(counter);
        Wave joined = wave;
        boolean fits = held != null
                && held.what().equals(wave.what())
                && held.scale().equals(wave.scale())
                && held.flag() == wave.flag();
        if (held != null && fits) {
            List<Integer> samples = new ArrayList<>(held.samples());
            samples.addAll(wave.samples());
            joined = new Wave(held.what(), held.scale(), held.first(), samples, held.gaps(), held.flag());
        } else if (held != null) {
            bodies.add(held);
        }
        if (sampleCounts.getOrDefault(counter, 0L) - joined.first() >= enough) {
            bodies.add(joined);
        } else {
            gathered.put(counter, joined);
        }
    }

    /** Raw values out of the profile's range are no samples: they are left out, and what stands between them is kept. */
    private static List<Wave> runs(Wave wave) {
        List<Wave> runs = new ArrayList<>();
        List<Integer> samples = wave.samples();
        int to;
        for (int from = 0; from < samples.size(); from = to) {
            boolean isGood = isWithin(samples.get(from), wave.scale());
            to = from + 1;
            while (to < samples.size() && isWithin(samples.get(to), wave.scale()) == isGood) {
                to++;
            }
            List<Integer> run = isGood ? samples.subList(from, to) : List.of();
            Flag flag = isGood ? wave.flag() : Flag.INVALID;
            List<Wave.Gap> gaps = from == 0 ? wave.gaps() : List.of();
            runs.add(new Wave(wave.what(), wave.scale(), wave.first() + from, run, gaps, flag));
        }
        return runs;
    }

    private static boolean isWithin(int sample, Scale scale) {
        return sample >= scale.rawLow() && sample <= scale.rawHigh();
    }

    private @Nullable WaveRule rule(Message message, String name) {
        WaveRule rule = null;
        for (WaveRule candidate : mapping.waves()) {
            if (candidate.target().is(message.type(), name)) {
                rule = candidate;
            }
        }
        return rule;
    }

    private static Meaning meaning(WaveRule rule, Message message) {
        By by = rule.by();
        String code = by == null ? null : message.text(by.field());
        Rule told = by == null || code == null ? null : by.codes().get(code);
        return told == null ? rule.what() : told.what();
    }
}
