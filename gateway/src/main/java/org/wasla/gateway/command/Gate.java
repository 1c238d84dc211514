package org.wasla.gateway.command;

import java.util.List;

/**
 * Decides whether an order may be read at all, before {@link CommandReader} looks at it. Called by one thread, the
 * downlink's.
 */
public interface Gate {
    /** Takes everything as it comes: a box where nobody's signature is asked for. */
    Gate OPEN = new Gate() {
        @Override
        public Admission admit(String verb, String client, byte[] payload) {
            return Admission.content(payload);
        }

        @Override
        public void answered(String jti, String json) {
            // Nothing is remembered.
        }
    };

    /**
     * @param verb last level of the topic, empty when it is no word
     * @param client whom to answer
     * @param payload as it came
     */
    Admission admit(String verb, String client, byte[] payload);

    /**
     * An answer is on disk; the same order is from now on answered so again, and not carried out.
     *
     * @param jti the order's
     * @param json the answer, without what it carried beside its outcome
     */
    void answered(String jti, String json);

    /** What came of it. Immutable as long as nobody writes into the content. */
    final class Admission {
        private final byte[] content;
        private final String jti;
        private final String told;
        private final List<String> problems;
        private final boolean isSilent;

        private Admission(byte[] content, String jti, String told, List<String> problems, boolean isSilent) {
            this.content = content;
            this.jti = jti;
            this.told = told;
            this.problems = List.copyOf(problems);
            this.isSilent = isSilent;
        }

        /** It may be read. */
        public static Admission content(byte[] content) {
            return new Admission(content, "", "", List.of(), false);
        }

        /** It was carried out before, and this was the answer. */
        public static Admission again(String jti, String told) {
            return new Admission(new byte[0], jti, told, List.of(), false);
        }

        /** @param jti empty when it has none that can be repeated */
        public static Admission refused(String jti, List<String> problems) {
            return new Admission(new byte[0], jti, "", problems, false);
        }

        /** Nothing is to be done and nothing to be said: it is being carried out, or too much is refused already. */
        public static Admission silent() {
            return new Admission(new byte[0], "", "", List.of(), true);
        }

        public boolean isSilent() {
            return isSilent;
        }

        public byte[] content() {
            return content;
        }

        public String jti() {
            return jti;
        }

        /** The earlier answer, empty when there is none. */
        public String told() {
            return told;
        }

        /** Why it is refused, empty when it is not. */
        public List<String> problems() {
            return problems;
        }
    }
}
