package org.wasla.gateway.page;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/** What the page may see of the box, and do with it. Thread-safe; every call comes back within a second or so. */
public interface Box {
    /** What is asked for cannot be done; the message says why and what to do instead, and names no patient. */
    final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        public Refused(String why) {
            super(why);
        }
    }

    /**
     * A device that the engineer has found.
     *
     * @param link as in the configuration, short or long form
     */
    record NewDevice(String id, String location, String profile, String link) {}

    /** A file to download. */
    record File(String name, Bytes content) {}

    /** @return the gateway's id */
    String name();

    /** @return sentences of the box in a language, a flat JSON object; asked once */
    String words(String language);

    /** @return one JSON object with all that the page shows; each holds the samples of waves since the one before */
    String view();

    /**
     * Starts to listen to a free port: which device is this? What comes of it is in {@link #view}.
     *
     * @param probes whether questions may be sent when nothing is heard
     */
    void identify(String port, boolean probes) throws Refused;

    /** Starts to read a free port by a profile, without keeping anything. */
    void compare(String port, String profile, String link) throws Refused;

    /** Starts to keep what a free port says, for half a minute. */
    void capture(String port) throws Refused;

    /** Ends what was started on a port. */
    void cancel();

    /** @return what was heard on the port that was listened to last; null when there is nothing */
    @Nullable
    File captured();

    /**
     * Adds a device to the configuration.
     *
     * @param by who, for the audit
     * @return whether it is read already; if not, the agent is to be started again
     */
    boolean add(NewDevice device, String by) throws Refused;

    /**
     * A profile's notes for the installer.
     *
     * @param markdown in one language
     * @param wiring names of the drawings that belong to them
     */
    record Notes(String markdown, List<String> wiring) {
        public Notes {
            wiring = List.copyOf(wiring);
        }
    }

    /** @return null when the profile has none */
    @Nullable
    Notes notes(String profile, String language);

    /** Writes down what was done through the page. */
    void audit(String event, String address, String what);
}
