package org.wasla.gateway.observation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message.Scale;

/** What a record says, without the envelope that says whose and when. Immutable. */
public sealed interface RecordBody {
    /** @return the kind as in topic and record */
    String kind();

    /** How many values it tells, without those that are absent; samples of waves are none. */
    default int values() {
        return 0;
    }

    /** Numerics and settings of one moment. */
    record Numerics(List<Observation> observations) implements RecordBody {
        public Numerics {
            observations = List.copyOf(observations);
        }

        @Override
        public int values() {
            return (int)
                    observations.stream().filter(each -> each.value() != null).count();
        }

        @Override
        public String kind() {
            return "obs";
        }
    }

    /**
     * Samples of a wave.
     *
     * @param first counter of the first sample, from 0 at the opening of the line; missing samples are counted too
     * @param gaps where samples are missing
     */
    record Wave(
            Observation.Meaning what,
            Scale scale,
            long first,
            List<Integer> samples,
            List<Gap> gaps,
            @Nullable Flag flag)
            implements RecordBody {
        public Wave {
            samples = List.copyOf(samples);
            gaps = List.copyOf(gaps);
        }

        /** Samples without a gap. */
        public Wave(Observation.Meaning what, Scale scale, long first, List<Integer> samples, @Nullable Flag flag) {
            this(what, scale, first, samples, List.of(), flag);
        }

        /** So many samples are missing, from the one with this counter on. */
        public record Gap(long first, int count) {}

        @Override
        public String kind() {
            return "wav";
        }
    }

    /**
     * One step in the life of an alarm. Of each alarm a start comes first, then updates, then one end or unknown. A start
     * where one is open already tells that the gateway was cut off before: how the earlier one ended is not known.
     */
    record Alarm(Phase phase, Condition condition) implements RecordBody {
        /** What the record tells of the alarm. */
        public enum Phase {
            START,
            /** Priority, state or text is another. */
            UPDATE,
            END,
            /** The device is not heard any more, so nobody knows how the alarm goes on. */
            UNKNOWN;

            public String wire() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public String kind() {
            return "alarm";
        }
    }

    /**
     * The results of one order on one specimen.
     *
     * @param specimen id of the specimen as sent, or null
     * @param order id of the order as sent, or null
     * @param isControl whether a control was measured and no patient's specimen
     * @param notes the device's words about all of them
     * @param about what else is known of the measurement, by name
     */
    record Results(
            @Nullable String specimen,
            @Nullable String order,
            boolean isControl,
            List<Result> results,
            List<String> notes,
            Map<String, String> about)
            implements RecordBody {
        public Results {
            results = List.copyOf(results);
            notes = List.copyOf(notes);
            about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
        }

        /** Of which nothing else is known. */
        public Results(
                @Nullable String specimen,
                @Nullable String order,
                boolean isControl,
                List<Result> results,
                List<String> notes) {
            this(specimen, order, isControl, results, notes, Map.of());
        }

        @Override
        public int values() {
            return (int)
                    results.stream().filter(each -> each.what().value() != null).count();
        }

        @Override
        public String kind() {
            return "res";
        }
    }

    /**
     * What an object of an examination says: results, or a wave.
     *
     * @param body its kind is that of the record
     */
    record Examined(Examination of, RecordBody body) implements RecordBody {
        @Override
        public String kind() {
            return body.kind();
        }
    }

    /** Something that happened, with fields of its own: texts, whole numbers, booleans, {@link Ranges} and {@link Rows}. */
    record Event(String name, Map<String, Object> fields) implements RecordBody {
        public Event {
            fields = Map.copyOf(fields);
        }

        /** Numbers of streams that an event is about. */
        public record Ranges(List<Range> list) {
            public Ranges {
                list = List.copyOf(list);
            }
        }

        /** Things of one kind, each with texts and whole numbers by name, in this order. */
        public record Rows(List<Map<String, Object>> list) {
            public Rows {
                list = List.copyOf(list);
            }
        }

        /** @param of the stream, as {@code device.kind}; both numbers belong to it */
        public record Range(String of, long from, long to) {}

        @Override
        public String kind() {
            return "evt";
        }
    }
}
