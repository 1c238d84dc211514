package org.wasla.gateway.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.DeviceListing;
import org.wasla.gateway.config.TrustReader;
import org.wasla.gateway.config.Why;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.Role;
import org.wasla.gateway.uplink.Downlink;

/**
 * Takes a desired state, tries it, and lets it count or goes back; takes changes of the list of devices that are made on
 * the box. Thread-safe; states from outside are worked on by one thread, {@code config}, and nothing is changed from both
 * sides at once. A state counts only after all of: signature, audience, revision, time; two persons for each profile; the
 * profile's own captures; the last live bytes of every line that it concerns, through the old and the new one; one line,
 * watched; all lines, watched.
 */
public final class ConfigDesk implements Downlink.States, AutoCloseable {
    /** What the header of a desired state says in {@code typ}. */
    static final String TYPE = "wasla-desired+jws";

    private static final Logger LOG = LoggerFactory.getLogger(ConfigDesk.class);
    private static final int SIGNED_CHARS_MAX = DesiredReader.BYTES_MAX * 4 / 3 + 2_000;
    private static final long MS_PER_S = 1_000;
    /** A state that comes ends the wait; only what is due again, and bundles, are looked for so often. */
    private static final long POLL_MS = 1_000;

    private static final long CLOSE_MS = 2_000;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final StateBook book;
    private final @Nullable StateCheck check;
    private final StateVoice voice;
    private final StateTurn turn;
    private final @Nullable BundleTurn bundles;
    private final Auditor auditor;
    private final LongSupplier nowMs;
    private final ArrayBlockingQueue<String> offered = new ArrayBlockingQueue<>(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ReentrantLock work = new ReentrantLock();
    private final Thread thread = new Thread(this::run, "config");
    private String lastOffered = "";
    /** The last one when it was refused, and the time for which it is meant. */
    private String refused = "";

    private long refusedFromS;
    private long refusedUntilS;
    private volatile boolean clockStepped;

    /**
     * What the desk knows of the box that it works for.
     *
     * @param trust whose word counts, null: nobody's from outside
     * @param installed the list of devices in the configuration file
     * @param problem what keeps a line from being taken up while the box runs
     */
    record Box(
            String gateway,
            String software,
            TrustReader.@Nullable Trust trust,
            long watchMs,
            String codes,
            List<Path> profileFolders,
            DeviceListing installed,
            Path buffer,
            Devices devices,
            Function<DevicePlan.Step, List<Why>> problem) {
        Box {
            profileFolders = List.copyOf(profileFolders);
        }
    }

    /**
     * @param notInForce what keeps the newest state from being in force
     * @param reported takes {@code cfg/reported}
     * @param nowMs the wall clock, UTC
     */
    ConfigDesk(Box box, Auditor auditor, List<Why> notInForce, Consumer<String> reported, LongSupplier nowMs)
            throws IOException {
        this.auditor = auditor;
        this.nowMs = nowMs;
        this.book = StateBook.open(box.buffer());
        TrustReader.Trust trust = box.trust();
        this.check = trust == null ? null : new StateCheck(box, trust, book);
        this.thread.setDaemon(true);
        if (book.differed()) {
            auditor.note(
                    "revision-mended",
                    Map.of("rev", String.valueOf(book.highest().number())));
        }
        this.voice = new StateVoice(box.gateway(), book, auditor, notInForce, reported, nowMs);
        this.turn = new StateTurn(box, book, voice, auditor, stopping);
        this.bundles = check == null ? null : new BundleTurn(box, book, check, voice, turn, auditor);
    }

    /** The desk of a running box. */
    public static ConfigDesk open(
            Config config,
            String software,
            Devices devices,
            Function<DevicePlan.Step, List<Why>> problem,
            Auditor auditor,
            Consumer<String> reported)
            throws IOException {
        TrustReader.Trust trust = config.trust();
        Box box = new Box(
                config.gateway().id(),
                software,
                trust,
                trust == null ? TrustReader.WATCH_MS : trust.watchMs(),
                config.codes(),
                config.profileFolders(),
                config.given().installed(),
                config.buffer().dir(),
                devices,
                problem);
        return new ConfigDesk(box, auditor, config.given().why(), reported, System::currentTimeMillis);
    }

    public void start() {
        thread.start();
    }

    /** What the platform is told, and has. */
    public StateVoice voice() {
        return voice;
    }

    /** The keys that count now; none where nobody's word does. Thread-safe. */
    public Keyring keys(List<String> problems) throws IOException {
        return check == null ? Keyring.none() : check.keys(problems);
    }

    /** The list of devices in force, YAML, a line a device. */
    public String devices() {
        return turn.devices();
    }

    /** Takes a state to try; of several that come meanwhile the last counts. */
    @Override
    public void desired(byte[] signed) {
        if (check == null) {
            LOG.warn("a state came from outside, and no trust is configured");
            return;
        }
        String text = signed.length > SIGNED_CHARS_MAX ? "" : new String(signed, StandardCharsets.ISO_8859_1).strip();
        offer(text);
    }

    private void offer(String text) {
        synchronized (offered) {
            offered.clear();
            offered.add(text);
        }
    }

    @Override
    public void reported(byte[] report) {
        voice.seen(report);
    }

    @Override
    public void asked() {
        voice.asked();
    }

    /** The wall clock was set: what was refused may be in time now. */
    public void clockStepped() {
        clockStepped = true;
    }

    private void run() {
        try {
            while (stopping.getCount() > 0) {
                String signed = offered.poll(POLL_MS, TimeUnit.MILLISECONDS);
                if (stopping.getCount() == 0) {
                    return;
                }
                work.lock();
                try {
                    voice.catchUp();
                    voice.tellWhenDue();
                    if (signed != null && !signed.equals(lastOffered)) {
                        lastOffered = signed;
                        consider(signed);
                    } else if (isDueAgain()) {
                        consider(refused);
                    } else if (bundles != null) {
                        bundles.run();
                    }
                } finally {
                    work.unlock();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isDueAgain() {
        boolean stepped = clockStepped;
        clockStepped = false;
        long nowS = nowS();
        return !refused.isEmpty() && (stepped || nowS >= refusedFromS && nowS < refusedUntilS);
    }

    /** One state, from its text to its end. */
    private void consider(String signed) throws InterruptedException {
        StateCheck checks = check;
        if (checks == null) {
            return;
        }
        refused = "";
        List<String> problems = new ArrayList<>();
        String hash = "";
        long revision = 0;
        try {
            Jws jws = Jws.parse(signed);
            hash = DesiredReader.sha256(jws.payload());
            if (hash.equals(book.current().hash())) {
                again(hash);
                return;
            }
            Keyring keys = checks.keys(problems);
            Optional<Keyring.Key> signer = keys.signer(jws, TYPE, Role.CONFIG, nowS(), problems);
            Optional<Desired> desired =
                    signer.isEmpty() ? Optional.empty() : DesiredReader.read(jws.payload(), problems);
            if (desired.isPresent()) {
                revision = desired.get().revision();
                auditor.note(
                        "config-offered",
                        fields(revision, hash, signer.map(Keyring.Key::id).orElse("")));
                checks.check(desired.get(), hash, keys, nowS(), problems);
                Map<String, Set<String>> meant = checks.vouched(desired.get(), keys, nowS(), problems);
                if (problems.isEmpty()) {
                    turn.tryOut(desired.get(), meant, signed, hash, "");
                    return;
                }
                hold(signed, desired.get().fromS(), desired.get().untilS());
            }
        } catch (Jws.Unreadable unreadable) {
            problems.add(String.valueOf(unreadable.getMessage()));
        } catch (IOException unusable) {
            problems.add("the box cannot read or write it: " + unusable.getMessage());
        } catch (RuntimeException ourBug) {
            LOG.error("a state could not be tried by a fault of ours", ourBug);
            problems.add("the box failed by a fault of its own");
        }
        if (refused.isEmpty()) {
            hold(signed, 0, 0);
        }
        List<Why> why = problems.stream().map(each -> new Why("state", each)).toList();
        voice.end(revision, hash, "refused", "", why);
    }

    /** The state that the box has already: what is told last of it still holds. */
    private void again(String hash) {
        if (voice.isReverted()) {
            voice.tell();
        } else {
            voice.report(book.current().number(), hash, "applied", "", List.of());
        }
    }

    /** It may have been refused for its time alone, by a clock that is wrong: one that is too early now is tried then. */
    private void hold(String signed, long fromS, long untilS) {
        refused = signed;
        boolean isEarly = nowS() < fromS;
        refusedFromS = isEarly ? fromS : 0;
        refusedUntilS = isEarly ? untilS : 0;
    }

    private long nowS() {
        return nowMs.getAsLong() / MS_PER_S;
    }

    private static Map<String, String> fields(long revision, String hash, String key) {
        return Map.of("rev", String.valueOf(revision), "hash", hash, "key", key);
    }

    /**
     * Takes another list of devices from somebody at the box. It is checked as the configuration is, is in force at once
     * and after every start, and is reported and audited; whoever gives it sees the devices, so nothing is watched.
     *
     * @param devices YAML, the whole list; empty: that of the configuration file
     * @param name who does it, {@code [a-z0-9._-]}
     * @return what is wrong, by line, and what to write instead; empty when it is in force
     */
    public List<String> change(String devices, String name) {
        if (!NAME.matcher(name).matches()) {
            return List.of("nobody is named by '" + name + "'; write up to 64 of a-z, 0-9 and . _ -");
        }
        if (!work.tryLock()) {
            return List.of("a change from outside is being tried; wait until cfg/reported says what became of it");
        }
        try {
            return turn.change(devices, "local:" + name);
        } catch (IOException notKept) {
            return List.of("it cannot be kept: " + notKept.getMessage());
        } finally {
            work.unlock();
        }
    }

    /** Gives up a trial; what was in force before it is again at the next start. */
    @Override
    public void close() {
        stopping.countDown();
        offer("");
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
