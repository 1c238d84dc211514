package org.wasla.gateway.observation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message.Scale;

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
     * @param first counter of the first sample, from 0 at the opening of the line
     */
    record Wave(
            Observation.Meaning what,
            Scale scale,
            long first,
            List<Integer> samples,
            @Nullable Flag flag) implements RecordBody {
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
