package org.wasla.gateway.observation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a record says, without the envelope that says whose and when. Immutable. */
public sealed interface RecordBody {
    /** @return the kind as in topic and record */
    String kind();

    /** Numerics and settings of one moment. */
    record Numerics(List<Observation> observations) implements RecordBody {
        public Numerics {
            observations = List.copyOf(observations);
        }

        @Override
        public String kind() {
            return "obs";
        }
    }

    /**
     * Samples of a wave.
     *
     * @param hz samples a second, decimal text
     * @param first counter of the first sample, from 0 at the opening of the line
     * @param low scale: what the smallest raw value stands for
     * @param high scale: what the greatest raw value stands for
     */
    record Wave(
            Observation.Meaning what,
            String hz,
            long first,
            int low,
            int high,
            List<Integer> samples,
            @Nullable Flag flag)
            implements RecordBody {
        public Wave {
            samples = List.copyOf(samples);
        }

        @Override
        public String kind() {
            return "wav";
        }
    }

    /** Something that happened, with fields of its own: texts and whole numbers. */
    record Event(String name, Map<String, Object> fields) implements RecordBody {
        public Event {
            fields = Map.copyOf(fields);
        }

        @Override
        public String kind() {
            return "evt";
        }
    }
}
