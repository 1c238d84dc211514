package org.wasla.gateway.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.CommandReader;
import org.wasla.gateway.command.Gate;
import org.wasla.gateway.device.HeldFile;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.SignedCommand;
import org.wasla.gateway.trust.Spent;
import org.wasla.gateway.vault.Safe;

/**
 * Lets in commands that are signed, meant for this box, alive and new, and remembers them on disk before they are carried out.
 * Thread-safe.
 *
 * <p>A clock that nobody has confirmed judges them all the same: a box whose clock is wrong refuses, and says what its clock
 * shows. It cannot be led to carry out an old command again: those that it knows are in the file, and those that it has
 * forgotten lie before the floor of {@link Spent}.
 */
final class CommandDoor implements Gate {
    /** Says again what is retained anyway; it needs no signature. */
    private static final String HELLO = "hello";

    private static final Logger LOG = LoggerFactory.getLogger(CommandDoor.class);
    private static final int SIGNED_CHARS_MAX = CommandReader.BYTES_MAX * 4 / 3 + 2_000;
    /** What comes beside orders must not fill the buffer with answers. */
    private static final int REFUSALS_MAX = 60;

    private static final long REFUSALS_NS = TimeUnit.MINUTES.toNanos(1);
    private static final long MS_PER_S = 1_000;
    private static final int LINES_SPARE = 1_000;

    private final SignedCommand.Box box;
    private final Keys keys;
    private final HeldFile file;
    private final Spent spent;
    private final Auditor auditor;
    private final LongSupplier clockMs;
    private final Set<String> underway = new HashSet<>();
    private final List<Spent.Use> left;
    private int linesInFile;
    private long refused;
    private long windowNs = System.nanoTime();
    private int refusedInWindow;

    /** The keys that count now. */
    interface Keys {
        /** @param problems gets what is wrong with the list of keys */
        Keyring now(List<String> problems) throws IOException;
    }

    /**
     * @param buffer the buffer's folder; trust/commands below it is the file
     * @param clockMs UTC
     * @throws IOException when the file cannot be read
     */
    CommandDoor(SignedCommand.Box box, Keys keys, Path buffer, Auditor auditor, LongSupplier clockMs)
            throws IOException {
        this.box = box;
        this.keys = keys;
        this.auditor = auditor;
        this.clockMs = clockMs;
        this.file = new HeldFile(buffer.resolve("trust").resolve("commands"), Safe.NONE);
        this.spent = Spent.of(file.exists() ? file.lines() : List.of());
        this.left = spent.open();
        spent.forget(nowS());
        try {
            writeAnew();
        } catch (IOException unwritable) {
            LOG.warn("commands are refused until they can be noted cause=\"{}\"", unwritable.getMessage());
        }
    }

    private void writeAnew() throws IOException {
        List<String> lines = spent.lines();
        file.replace(lines);
        linesInFile = lines.size();
    }

    private void append(String line) throws IOException {
        if (linesInFile > 2 * Spent.MOST + LINES_SPARE) {
            writeAnew();
        }
        file.append(List.of(line));
        linesInFile++;
    }

    private long nowS() {
        return spent.nowS(clockMs.getAsLong() / MS_PER_S);
    }

    /** Commands of the run before that were taken and not answered. */
    List<Spent.Use> left() {
        return List.copyOf(left);
    }

    @Override
    public synchronized Admission admit(String verb, String client, byte[] payload) {
        if (verb.equals(HELLO)) {
            return Admission.content(payload);
        }
        if (payload.length > SIGNED_CHARS_MAX) {
            return refuse(
                    verb, "", List.of("the order has " + payload.length + " bytes; write at most " + SIGNED_CHARS_MAX));
        }
        List<String> unusable = new ArrayList<>();
        SignedCommand command;
        try {
            String text = new String(payload, StandardCharsets.ISO_8859_1).strip();
            command = SignedCommand.check(verb, text, keys.now(unusable), box, nowS());
        } catch (IOException unreadable) {
            LOG.warn("the list of keys cannot be read cause=\"{}\"", unreadable.getMessage());
            return refuse(verb, "", List.of("the box cannot read its list of keys now"));
        }
        if (!unusable.isEmpty()) {
            return refuse(verb, command.jti(), unusable);
        }
        Optional<Spent.Use> before = command.keyId().isEmpty() ? Optional.empty() : spent.of(command.jti());
        if (before.isPresent()) {
            return again(verb, command, before.get());
        }
        return command.problems().isEmpty()
                ? take(verb, client, command)
                : refuse(verb, command.jti(), command.problems());
    }

    private Admission again(String verb, SignedCommand command, Spent.Use before) {
        if (!before.hash().equals(command.hash())) {
            return refuse(verb, command.jti(), List.of("the jti was used for another command; give each its own"));
        }
        if (!before.answer().isEmpty()) {
            note("command-again", verb, command);
            return Admission.again(command.jti(), before.answer());
        }
        // Begun before a power cut, and given again by the broker: what had begun then has not ended.
        boolean isNew = command.problems().isEmpty() && underway.add(command.jti());
        return isNew ? content(command) : Admission.silent();
    }

    private Admission take(String verb, String client, SignedCommand command) {
        spent.forget(nowS());
        if (spent.isFull()) {
            return refuse(verb, command.jti(), List.of("too many commands within five minutes; give it again later"));
        }
        Spent.Use use = new Spent.Use(command.jti(), command.untilS(), command.hash(), verb, client, "");
        try {
            append(Spent.taken(use));
        } catch (IOException notKept) {
            LOG.warn("command not kept verb={} cause=\"{}\"", verb, notKept.getMessage());
            return refuse(verb, command.jti(), List.of("the box cannot note it on its disk now; give it again"));
        }
        spent.take(use);
        underway.add(command.jti());
        note("command-taken", verb, command);
        return content(command);
    }

    private static Admission content(SignedCommand command) {
        return command.jws()
                .map(jws -> Admission.content(jws.payload()))
                .orElseThrow(() -> new IllegalStateException("a command without problems has its text"));
    }

    private void note(String event, String verb, SignedCommand command) {
        auditor.note(event, Map.of("verb", verb, "jti", command.jti(), "key", command.keyId()));
    }

    /** The audit tells of the 1st, 2nd, 4th, 8th: whoever may publish orders must not be able to fill it. */
    private Admission refuse(String verb, String jti, List<String> problems) {
        refused++;
        if (Long.bitCount(refused) == 1) {
            Map<String, String> fields =
                    Map.of("verb", verb, "jti", jti, "count", String.valueOf(refused), "why", problems.get(0));
            auditor.note("command-refused", fields);
        }
        long nowNs = System.nanoTime();
        if (nowNs - windowNs > REFUSALS_NS) {
            windowNs = nowNs;
            refusedInWindow = 0;
        }
        refusedInWindow++;
        return refusedInWindow > REFUSALS_MAX ? Admission.silent() : Admission.refused(jti, problems);
    }

    @Override
    public synchronized void answered(String jti, String json) {
        underway.remove(jti);
        if (spent.answer(jti, json)) {
            try {
                append(Spent.answered(jti, json));
            } catch (IOException notKept) {
                // After a restart it would be carried out again, should the same text come again within its life.
                LOG.warn("answer not kept jti={} cause=\"{}\"", jti, notKept.getMessage());
            }
        }
    }
}
