package org.wasla.gateway.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.orders.Change;

/** An order of the platform that was read and found whole. Immutable. None makes a device treat a patient. */
public sealed interface Command {

    /** Says state, meta and health again. */
    record Hello() implements Command {}

    /**
     * Sends what the buffer still holds of one stream again.
     *
     * @param jti identity of the order; the answer carries it
     * @param client who asked: the last level of the topic of the answer
     * @param device the stream's device
     * @param kind the stream's kind
     * @param from first number, from 1
     * @param to last number, included
     * @param epoch the buffer that the numbers are of, null for the one in use
     */
    record Replay(
            String jti,
            String client,
            String device,
            String kind,
            long from,
            long to,
            @Nullable String epoch) implements Command {}

    /** What the agent carries out itself: it changes what the box knows of patients. */
    sealed interface Errand extends Command {
        /** Identity of the order; the answer carries it. */
        String jti();

        /** Who asked: the last level of the topic of the answer. */
        String client();

        /** The verb that it came under. */
        String verb();

        /** How many changes it makes. */
        int size();
    }

    /**
     * Changes what analysers and scanners are told when they ask what is ordered.
     *
     * @param changes with orders that end at 0, see {@link #changes(long)}
     * @param ttlS from its arrival on, for so long its orders count
     */
    record Worklist(String jti, String client, List<Change> changes, long ttlS) implements Errand {
        private static final long SECOND_MS = 1_000;

        public Worklist {
            changes = List.copyOf(changes);
        }

        /** @param nowMs when it arrived, UTC */
        public List<Change> changes(long nowMs) {
            List<Change> dated = new ArrayList<>();
            for (Change each : changes) {
                dated.add(
                        each instanceof Change.Put put
                                ? new Change.Put(put.order().until(nowMs + ttlS * SECOND_MS))
                                : each);
            }
            return dated;
        }

        @Override
        public String verb() {
            return "worklist";
        }

        @Override
        public int size() {
            return changes.size();
        }
    }

    /**
     * Puts a device on a patient, or ends that it is on one.
     *
     * @param device id of the device
     * @param patient the patient's number and who gave it, or null: the device is on nobody any more
     * @param fromMs UTC, since when; null: now
     * @param who the person who says so, clear text, or null
     */
    record Associate(
            String jti,
            String client,
            String device,
            @Nullable Patient patient,
            @Nullable Long fromMs,
            @Nullable String who)
            implements Errand {
        /**
         * A patient's number, clear text.
         *
         * @param authority who gave it, may be empty
         */
        public record Patient(String number, String authority) {
            @Override
            public String toString() {
                return "Patient[hidden]";
            }
        }

        @Override
        public String verb() {
            return "associate";
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /**
     * A registry of patients says what it knows of a pseudonym that it was asked about.
     *
     * @param request which question is answered
     * @param rev the registry counts its answers to one question, from 1
     * @param said known, unknown or ambiguous
     * @param reference under which it knows the patient, empty unless known
     * @param isMerged whether its earlier reference is now this one
     */
    record Lookup(String jti, String client, String request, long rev, String said, String reference, boolean isMerged)
            implements Errand {
        @Override
        public String verb() {
            return "lookup";
        }

        @Override
        public int size() {
            return 1;
        }
    }

    /**
     * What a technician orders of the box itself; its answer may come later. None is carried out by a box that asks for no
     * signatures.
     */
    sealed interface Service extends Command {
        /** Identity of the order; the answer carries it. */
        String jti();

        /** Who asked: the last level of the topic of the answer. */
        String client();

        /** The verb that it came under. */
        String verb();
    }

    /**
     * Tells the last lines of the log.
     *
     * @param count how many at most, 1 to 500
     */
    record Logs(String jti, String client, int count) implements Service {
        @Override
        public String verb() {
            return "logs";
        }
    }

    /** Ends the agent, so that it is started anew. */
    record Restart(String jti, String client) implements Service {
        @Override
        public String verb() {
            return "restart";
        }
    }

    /**
     * Lets lamps and buzzer tell which box it is; with a port, says who speaks there, too.
     *
     * @param seconds for how long, 1 to 300
     * @param port a serial port that no device of the box uses; empty: none
     */
    record Identify(String jti, String client, int seconds, String port) implements Service {
        @Override
        public String verb() {
            return "identify";
        }
    }

    /**
     * Sends what a device says from now on, sealed.
     *
     * @param seconds for how long, 1 to 300
     * @param bytesMax what is more is left out, 1 to 1 MiB
     * @param to the X25519 key that it is sealed for, 32 bytes in base64url
     */
    record Capture(String jti, String client, String device, int seconds, int bytesMax, String to) implements Service {
        @Override
        public String verb() {
            return "capture";
        }
    }
}
