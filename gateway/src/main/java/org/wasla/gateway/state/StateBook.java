package org.wasla.gateway.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.command.Body;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.config.StateStore;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Revisions;
import org.wasla.gateway.trust.Revisions.Revision;

/**
 * The states of a box and its highest revision, on disk. One thread at a time. The state in force is the one that
 * {@link StateStore} names; the highest revision may be above it, where the disk was set back to an old copy.
 */
final class StateBook {
    private static final Logger LOG = LoggerFactory.getLogger(StateBook.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final long NUMBER_MAX = 1L << 53;
    private final StateStore store;
    private final Revisions revisions;
    private volatile Current current;

    /**
     * The state in force.
     *
     * @param number its revision, 0: none was ever given
     * @param hash of its payload, empty with 0
     * @param by who changed it on the box, {@code local:NAME}; empty when it came from outside
     */
    record Current(long number, String hash, String by) {
        static final Current NONE = new Current(0, "", "");

        boolean isLocal() {
            return !by.isEmpty();
        }
    }

    private StateBook(StateStore store, Revisions revisions, Current current) {
        this.store = store;
        this.revisions = revisions;
        this.current = current;
    }

    /**
     * Opens what is there. A power cut between the commit of a state and its revision is made good.
     *
     * @param buffer the buffer's folder
     */
    static StateBook open(Path buffer) throws IOException {
        Path folder = buffer.resolve("trust");
        try {
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            LOG.warn("states are refused until they can be noted cause=\"{}\"", unwritable.getMessage());
        }
        StateStore store = new StateStore(buffer);
        Revisions revisions = Revisions.open(folder, buffer);
        Current current = read(store, revisions.highest());
        if (current.number() > revisions.highest().number()) {
            raise(revisions, new Revision(current.number(), current.hash()));
        }
        return new StateBook(store, revisions, current);
    }

    private static Current read(StateStore store, Revision highest) throws IOException {
        String text = store.signed();
        try {
            if (text.startsWith("{")) {
                return local(text);
            }
            if (!text.isEmpty()) {
                byte[] payload = Jws.parse(text).payload();
                Optional<Desired> desired = DesiredReader.read(payload, new ArrayList<>());
                if (desired.isPresent()) {
                    return new Current(desired.get().revision(), DesiredReader.sha256(payload), "");
                }
            }
        } catch (Jws.Unreadable damaged) {
            LOG.warn("the signed state on disk cannot be read cause=\"{}\"", damaged.getMessage());
        }
        // Of what cannot be read only the name is known; its revision is kept apart too.
        String hash = store.current().orElse("");
        return new Current(hash.equals(highest.hash()) ? highest.number() : 0, hash, "");
    }

    private static Current local(String note) throws IOException {
        List<String> problems = new ArrayList<>();
        try (JsonParser json = JSON.createParser(note)) {
            Body body = Body.read(json, problems);
            return new Current(body.number("rev", 1, NUMBER_MAX), DesiredReader.sha256(note), body.plain("by"));
        }
    }

    Current current() {
        return current;
    }

    /** The highest revision that the box ever had. */
    Revision highest() {
        return revisions.highest();
    }

    /** Whether the two notes of the revision did not say the same when they were opened. */
    boolean differed() {
        return revisions.differed();
    }

    StateStore store() {
        return store;
    }

    /** The note of a change on the box; what stands for the signed text of a state from outside. */
    String note(String by, String devices, long nowMs) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeNumberField("rev", revisions.highest().number() + 1);
            json.writeStringField("by", by);
            json.writeNumberField("t", nowMs);
            json.writeStringField("prev", current.hash());
            json.writeStringField("devices", DesiredReader.sha256(devices));
        });
    }

    /** The note of a bundle that was taken on the box; it names the bundle by its hash. */
    String bundleNote(String by, String bundle, long nowMs) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeNumberField("rev", revisions.highest().number() + 1);
            json.writeStringField("by", by);
            json.writeNumberField("t", nowMs);
            json.writeStringField("prev", current.hash());
            json.writeStringField("bundle", bundle);
        });
    }

    /** Hash of the bundle that is in force; empty when what is in force is none. */
    String bundle() throws IOException {
        String note = store.signed();
        if (!note.startsWith("{")) {
            return "";
        }
        try (JsonParser json = JSON.createParser(note)) {
            return Body.read(json, new ArrayList<>()).plain("bundle");
        }
    }

    /**
     * From here on a state that was prepared is in force, whatever happens.
     *
     * @throws IOException when it is not; what was in force is
     */
    void commit(Current next) throws IOException {
        try {
            store.commit(next.hash());
        } catch (IOException notKept) {
            if (!store.current().orElse("").equals(next.hash())) {
                throw notKept;
            }
            LOG.warn("an older state could not be deleted cause=\"{}\"", notKept.getMessage());
        }
        current = next;
        if (next.number() > revisions.highest().number()) {
            raise(revisions, new Revision(next.number(), next.hash()));
        }
    }

    /** Where that fails it counts in this run, and the next start reads it from the state. */
    private static void raise(Revisions revisions, Revision to) {
        try {
            revisions.raise(to);
        } catch (IOException later) {
            LOG.warn("the revision is not noted on disk cause=\"{}\"", later.getMessage());
        }
    }

    /** The platform has it that the box had a higher revision than its disk says. */
    void raise(Revision seen) throws IOException {
        revisions.raise(seen);
    }
}
