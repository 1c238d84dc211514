package org.wasla.gateway.profile;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Observation;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.Result;

/**
 * The same bytes through two profiles, and what becomes otherwise. Immutable. It names fields and counts, and never a
 * value: it is published.
 *
 * @param messages of the old and of the new profile
 * @param worse what speaks against the new one, a line each
 * @param otherwise what is other and speaks against nothing, a line each
 */
public record Comparison(Messages messages, List<String> worse, List<String> otherwise) {
    private static final int EXAMPLE_DIGITS = 3;

    public Comparison {
        worse = List.copyOf(worse);
        otherwise = List.copyOf(otherwise);
    }

    /** How many messages there are in the bytes. */
    public record Messages(long old, long next) {}

    /** One value of a field. */
    private record Point(Observation.Meaning what, @Nullable Value value, String flag) {}

    /** What one profile makes of the bytes: values by device and label, in order. */
    private static final class Side implements Trial.Output {
        private final Map<String, List<Point>> fields = new LinkedHashMap<>();

        @Override
        public void record(byte[] json) {
            // The message tells it before it becomes text.
        }

        @Override
        public void message(long timeMs, Message message, Mapped mapped) {
            for (RecordBody body : mapped.bodies()) {
                if (body instanceof RecordBody.Numerics numerics) {
                    numerics.observations().forEach(each -> add(mapped, each));
                } else if (body instanceof RecordBody.Results results) {
                    results.results().stream().map(Result::what).forEach(each -> add(mapped, each));
                } else if (body instanceof RecordBody.Wave wave) {
                    String digits = wave.scale() + " x" + wave.samples().size();
                    add(mapped, new Observation(wave.what(), new Value.Text(digits), null, null, null));
                } else if (body instanceof RecordBody.Alarm alarm) {
                    alarm(mapped, alarm.condition());
                }
            }
        }

        private void alarm(Mapped mapped, Condition condition) {
            String label = "alarm " + condition.label();
            Observation.Meaning what = new Observation.Meaning(label, label, null, null, null, null, null);
            Value state = new Value.Text(condition.kind() + " " + condition.priority() + " " + condition.state());
            add(mapped, new Observation(what, state, null, null, null));
        }

        private void add(Mapped mapped, Observation observation) {
            String part = mapped.part() == null ? "" : mapped.part() + " ";
            fields.computeIfAbsent(part + observation.what().label(), label -> new ArrayList<>())
                    .add(new Point(
                            observation.what(),
                            observation.value(),
                            observation.flag() == null ? "" : observation.flag().wire()));
        }
    }

    /**
     * @param codes version of the code table
     * @param expected fields, by short name or label, that are meant to become other values, units or codes
     */
    public static Comparison of(
            Profile old, Profile next, String codes, List<LiveBytes.Chunk> live, Set<String> expected) {
        Side before = new Side();
        Side after = new Side();
        Tally.Counts oldCounts = run(old, codes, live, before);
        Tally.Counts newCounts = run(next, codes, live, after);
        List<String> worse = new ArrayList<>();
        List<String> otherwise = new ArrayList<>();
        compareCounts(oldCounts, newCounts, worse, otherwise);
        Set<String> labels = new TreeSet<>(before.fields.keySet());
        labels.addAll(after.fields.keySet());
        for (String label : labels) {
            List<Point> was = before.fields.getOrDefault(label, List.of());
            List<Point> is = after.fields.getOrDefault(label, List.of());
            List<String> found = compare(label, was, is);
            boolean isMeant = was.isEmpty()
                    || expected.contains(label)
                    || expected.contains(String.valueOf(was.get(0).what().name()));
            (isMeant ? otherwise : worse).addAll(found);
        }
        return new Comparison(new Messages(oldCounts.frames(), newCounts.frames()), worse, otherwise);
    }

    private static Tally.Counts run(Profile profile, String codes, List<LiveBytes.Chunk> live, Side side) {
        try {
            return Trial.run(profile, codes, live, side);
        } catch (IOException neverInMemory) {
            throw new IllegalStateException(neverInMemory);
        }
    }

    private static void compareCounts(Tally.Counts old, Tally.Counts next, List<String> worse, List<String> otherwise) {
        if (next.frames() < old.frames()) {
            worse.add("messages: " + old.frames() + " become " + next.frames());
        } else if (next.frames() > old.frames()) {
            otherwise.add("messages: " + old.frames() + " become " + next.frames());
        }
        Set<String> faults = new TreeSet<>(old.bad().keySet());
        faults.addAll(next.bad().keySet());
        for (String fault : faults) {
            long was = old.bad().getOrDefault(fault, 0L);
            long is = next.bad().getOrDefault(fault, 0L);
            if (was != is) {
                (is > was ? worse : otherwise).add("bad frames (" + fault + "): " + was + " become " + is);
            }
        }
        if (next.skippedBytes() > old.skippedBytes()) {
            worse.add("bytes of no message: " + old.skippedBytes() + " become " + next.skippedBytes());
        }
    }

    private static List<String> compare(String label, List<Point> was, List<Point> is) {
        List<String> found = new ArrayList<>();
        Point first = was.isEmpty() ? is.get(0) : was.get(0);
        String name = first.what().name() == null || label.equals(first.what().name())
                ? label
                : first.what().name() + " (" + label + ")";
        long valuesBefore = values(was);
        long valuesAfter = values(is);
        if (valuesAfter < valuesBefore) {
            found.add(name + ": " + (valuesBefore - valuesAfter) + " of " + valuesBefore + " values are gone");
        } else if (valuesAfter > valuesBefore) {
            found.add(name + ": " + (valuesAfter - valuesBefore) + " values are new");
        }
        if (!was.isEmpty() && !is.isEmpty()) {
            meaning(name, was.get(0).what(), is.get(0).what(), found);
        }
        if (was.size() == is.size()) {
            changes(name, was, is, found);
        }
        return found;
    }

    private static long values(List<Point> points) {
        return points.stream().filter(point -> point.value() != null).count();
    }

    private static void meaning(String name, Observation.Meaning was, Observation.Meaning is, List<String> found) {
        told(name + ": unit", was.unit(), is.unit(), found);
        told(name + ": code", was.code(), is.code(), found);
        told(name + ": LOINC", was.loinc(), is.loinc(), found);
        told(name + ": name", was.name(), is.name(), found);
    }

    private static void told(String what, @Nullable Object was, @Nullable Object is, List<String> found) {
        if (!Objects.equals(was, is)) {
            found.add(what + " " + (was == null ? "none" : was) + " becomes " + (is == null ? "none" : is));
        }
    }

    private static void changes(String name, List<Point> was, List<Point> is, List<String> found) {
        long both = 0;
        long other = 0;
        long flags = 0;
        Map<String, Long> factors = new TreeMap<>();
        for (int i = 0; i < was.size(); i++) {
            Value before = was.get(i).value();
            Value after = is.get(i).value();
            flags += was.get(i).flag().equals(is.get(i).flag()) ? 0 : 1;
            if (before != null && after != null) {
                both++;
                if (!isSame(before, after)) {
                    other++;
                    factors.merge(factor(before, after), 1L, Long::sum);
                }
            }
        }
        if (other > 0) {
            String how = factors.size() == 1 && !factors.containsKey("")
                    ? ", each " + factors.keySet().iterator().next() + " times what it was"
                    : "";
            found.add(name + ": " + other + " of " + both + " values differ" + how);
        }
        if (flags > 0) {
            found.add(name + ": " + flags + " of " + was.size() + " flags differ");
        }
    }

    /** 36.80 and 36.8 are not the same: digits are part of what was measured. */
    private static boolean isSame(Value before, Value after) {
        return before.equals(after);
    }

    private static String factor(Value before, Value after) {
        if (before instanceof Value.Quantity old && after instanceof Value.Quantity next) {
            BigDecimal divisor = new BigDecimal(old.digits());
            if (divisor.signum() != 0) {
                return new BigDecimal(next.digits())
                        .divide(divisor, new MathContext(EXAMPLE_DIGITS))
                        .stripTrailingZeros()
                        .toPlainString();
            }
        }
        return "";
    }
}
