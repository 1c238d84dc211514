package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.agent.StateTrial.Why;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.command.ReleaseReader;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.trust.BundleFile;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.Revisions;
import org.wasla.gateway.trust.Role;
import org.wasla.gateway.trust.Vouch;

/**
 * Takes a desired state, tries it, and lets it count or goes back. Thread-safe; the work is done by one thread, {@code
 * config}. A state counts only after all of: signature, audience, revision, time; two persons for each profile; the
 * profile's own captures; the last live bytes of every line that it concerns, through the old and the new one; one device,
 * watched; all devices, watched.
 */
final class ConfigDesk implements AutoCloseable {
    /** What the header of a desired state says in {@code typ}. */
    static final String TYPE = "wasla-desired+jws";

    private static final Logger LOG = LoggerFactory.getLogger(ConfigDesk.class);
    private static final int SIGNED_CHARS_MAX = DesiredReader.BYTES_MAX * 4 / 3 + 2_000;
    private static final int WHY_MAX = 50;
    private static final long MS_PER_S = 1_000;
    private static final long CLOSE_MS = 2_000;

    private final Box box;
    private final StateStore store;
    private final BundleInbox bundles;
    private final Revisions revisions;
    private final Auditor auditor;
    private final Consumer<String> reported;
    private final ArrayBlockingQueue<String> offered = new ArrayBlockingQueue<>(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "config");
    private String lastSeen = "";

    /** What the desk knows of the box that it works for. */
    record Box(
            String gateway,
            String software,
            TrustReader.Trust trust,
            String codes,
            List<Path> profileFolders,
            Path buffer,
            List<DeviceWorker> workers,
            Map<String, LiveBytes> live) {
        Box {
            profileFolders = List.copyOf(profileFolders);
            workers = List.copyOf(workers);
            live = Map.copyOf(live);
        }
    }

    /** @param reported takes {@code cfg/reported} */
    ConfigDesk(Box box, Auditor auditor, Consumer<String> reported) throws IOException {
        this.box = box;
        this.store = new StateStore(box.buffer());
        this.bundles = new BundleInbox(box.buffer());
        Path folder = box.buffer().resolve("trust");
        Files.createDirectories(folder);
        this.revisions = Revisions.open(folder, box.buffer());
        this.auditor = auditor;
        this.reported = reported;
        this.thread.setDaemon(true);
        if (revisions.differed()) {
            auditor.note(
                    "revision-mended",
                    Map.of("rev", String.valueOf(revisions.highest().number())));
        }
        finish();
    }

    /** A power cut between the commit of a state and its revision. */
    private void finish() throws IOException {
        String signed = store.signed();
        if (signed.isEmpty()) {
            return;
        }
        try {
            Jws jws = Jws.parse(signed);
            byte[] payload = jws.payload();
            if (jws.type().equals(ReleaseReader.TYPE)) {
                raiseTo(DesiredReader.sha256(payload));
                return;
            }
            Optional<Desired> desired = DesiredReader.read(payload, new ArrayList<>());
            if (desired.isPresent()
                    && desired.get().revision() > revisions.highest().number()) {
                revisions.raise(new Revisions.Revision(desired.get().revision(), DesiredReader.sha256(payload)));
            }
        } catch (Jws.Unreadable damaged) {
            LOG.warn("the signed state on disk cannot be read cause=\"{}\"", damaged.getMessage());
        }
    }

    /** A bundle in force is the box's own revision, the next after the one that it replaced. */
    private void raiseTo(String hash) throws IOException {
        Revisions.Revision now = revisions.highest();
        if (!hash.equals(now.hash())) {
            revisions.raise(new Revisions.Revision(now.number() + 1, hash));
        }
    }

    void start() {
        Revisions.Revision now = revisions.highest();
        if (now.number() > 0) {
            report(now.number(), now.hash(), "applied", List.of());
        }
        thread.start();
    }

    /** Takes a state to try; of several that come meanwhile the last counts. */
    void offer(byte[] signed) {
        String text = signed.length > SIGNED_CHARS_MAX ? "" : new String(signed, StandardCharsets.ISO_8859_1).strip();
        synchronized (offered) {
            offered.clear();
            offered.add(text);
        }
    }

    private void run() {
        try {
            while (stopping.getCount() > 0) {
                String signed = offered.poll(200, TimeUnit.MILLISECONDS);
                if (signed != null && !signed.equals(lastSeen)) {
                    lastSeen = signed;
                    consider(signed);
                } else if (signed == null && bundles.hasNext()) {
                    considerBundle();
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void consider(String signed) throws InterruptedException {
        List<String> problems = new ArrayList<>();
        String hash = "";
        long revision = 0;
        try {
            Jws jws = Jws.parse(signed);
            hash = DesiredReader.sha256(jws.payload());
            if (hash.equals(revisions.highest().hash())) {
                report(revisions.highest().number(), hash, "applied", List.of());
                return;
            }
            Keyring keys = keys(problems);
            Optional<Keyring.Key> signer = keys.signer(jws, TYPE, Role.CONFIG, nowS(), problems);
            Optional<Desired> desired =
                    signer.isEmpty() ? Optional.empty() : DesiredReader.read(jws.payload(), problems);
            if (desired.isPresent()) {
                revision = desired.get().revision();
                auditor.note(
                        "config-offered",
                        fields(revision, hash, signer.map(Keyring.Key::id).orElse("")));
                check(desired.get(), keys, problems);
                tryOut(desired.get(), keys, signed, hash, problems);
                return;
            }
        } catch (Jws.Unreadable unreadable) {
            problems.add(String.valueOf(unreadable.getMessage()));
        } catch (IOException unusable) {
            problems.add("the box cannot read or write it: " + unusable.getMessage());
        } catch (RuntimeException ourBug) {
            LOG.error("a state could not be tried by a fault of ours", ourBug);
            problems.add("the box failed by a fault of its own");
        }
        end(
                revision,
                hash,
                "refused",
                problems.stream().map(each -> new Why("state", each)).toList());
    }

    /** A bundle from a stick goes through all that a state does, as the box's own next revision. */
    private void considerBundle() throws InterruptedException {
        List<String> problems = new ArrayList<>();
        Revisions.Revision now = revisions.highest();
        long revision = now.number() + 1;
        String hash = "";
        try {
            Optional<BundleFile> bundle = bundles.read(problems);
            hash = bundle.map(BundleFile::hash).orElse("");
            if (bundle.isPresent() && hash.equals(now.hash())) {
                report(now.number(), hash, "applied", List.of());
                return;
            }
            Keyring keys = keys(problems);
            Optional<Keyring.Key> signer = bundle.flatMap(each -> each.signer(keys, nowS(), problems));
            Optional<Release> release =
                    signer.isEmpty() ? Optional.empty() : bundle.get().release(problems);
            if (release.isPresent()) {
                Map<String, String> fields =
                        new HashMap<>(fields(revision, hash, signer.get().id()));
                fields.put("by", "local:bundle");
                auditor.note("config-offered", fields);
                BundleInbox.compare(release.get(), box.profileFolders(), store.profiles(), problems);
                Desired desired = release.get().on(box.gateway(), revision, now.hash());
                check(desired, keys, problems);
                tryOut(desired, keys, bundle.get().signed(), hash, problems);
                return;
            }
        } catch (IOException unusable) {
            problems.add("the box cannot read or write it: " + unusable.getMessage());
        } catch (RuntimeException ourBug) {
            LOG.error("a bundle could not be tried by a fault of ours", ourBug);
            problems.add("the box failed by a fault of its own");
        }
        end(
                revision,
                hash,
                "refused",
                problems.stream().map(each -> new Why("bundle", each)).toList());
    }

    private Keyring keys(List<String> problems) throws IOException {
        return BundleDoor.keys(store, box.trust(), problems);
    }

    private static long nowS() {
        return System.currentTimeMillis() / MS_PER_S;
    }

    private static Map<String, String> fields(long revision, String hash, String key) {
        return Map.of("rev", String.valueOf(revision), "hash", hash, "key", key);
    }

    private void check(Desired desired, Keyring keys, List<String> problems) {
        Revisions.Revision now = revisions.highest();
        if (!desired.isFor(box.gateway(), box.trust().groups())) {
            problems.add("it is meant for others: aud names neither this box nor a group of it");
        }
        if (desired.revision() <= now.number()) {
            problems.add("rev is " + desired.revision() + ", and the box has had " + now.number()
                    + "; to go back give the old content a new rev");
        }
        if (now.number() > 0 && !desired.previous().contains(now.hash())) {
            problems.add("prev does not name the state that the box is in; somebody else changed it meanwhile");
        }
        if (nowS() < desired.fromS() || nowS() >= desired.untilS()) {
            problems.add("it is not valid now: see nbf and exp, and the clock of the box");
        }
        if (isOlder(box.software(), desired.softwareMin())) {
            problems.add("it needs software " + desired.softwareMin() + ", and the box runs " + box.software());
        }
        if (!desired.keys().isEmpty()) {
            Optional<Keyring> next = Keyring.read(desired.keys(), box.trust().roots(), problems);
            if (next.isPresent() && next.get().revision() < keys.revision()) {
                problems.add("its list of keys is older than the box's");
            }
        }
        if (desired.devices() != null) {
            problems.add("devices cannot be changed from outside by this version; change them on the box");
        }
    }

    /** Compares numbers and not texts: 1.10.0 is newer than 1.9.0. */
    static boolean isOlder(String version, String than) {
        if (than.isEmpty()) {
            return false;
        }
        String[] have = version.split("\\.");
        String[] want = than.split("\\.");
        for (int i = 0; i < want.length; i++) {
            int has = i < have.length && have[i].matches("\\d{1,9}") ? Integer.parseInt(have[i]) : 0;
            int needs = Integer.parseInt(want[i]);
            if (has != needs) {
                return has < needs;
            }
        }
        return false;
    }

    /** From a state whose words are in order to one that counts, or does not. */
    private void tryOut(Desired desired, Keyring keys, String signed, String hash, List<String> problems)
            throws IOException, InterruptedException {
        List<Why> why = new ArrayList<>(
                problems.stream().map(each -> new Why("state", each)).toList());
        Map<String, Set<String>> meant = new HashMap<>();
        for (Desired.Bundle bundle : desired.profiles()) {
            List<String> found = new ArrayList<>();
            meant.put(bundle.id(), Vouch.changes(bundle, keys, nowS(), found));
            found.forEach(each -> why.add(new Why(bundle.id(), each)));
        }
        if (!why.isEmpty()) {
            end(desired.revision(), hash, "refused", why);
            return;
        }
        store.prepare(hash, signed, desired);
        StateTrial trial = new StateTrial(box, meant, stopping);
        if (!trial.holdsBefore(desired, store.profiles(hash))) {
            store.drop(hash);
            end(desired.revision(), hash, "refused", trial.why());
            return;
        }
        report(desired.revision(), hash, "trial", List.of());
        if (trial.holdsOnDevices()) {
            commit(hash, trial);
            revisions.raise(new Revisions.Revision(desired.revision(), hash));
            end(desired.revision(), hash, "applied", List.of());
        } else {
            store.drop(hash);
            end(desired.revision(), hash, "reverted", trial.why());
        }
    }

    /** A state that cannot be kept must not stay on the devices. */
    private void commit(String hash, StateTrial trial) throws IOException {
        try {
            store.commit(hash);
        } catch (IOException notKept) {
            if (!store.current().orElse("").equals(hash)) {
                trial.takeBack();
                throw notKept;
            }
            LOG.warn("an older state could not be deleted cause=\"{}\"", notKept.getMessage());
        }
    }

    private void end(long revision, String hash, String outcome, List<Why> why) {
        Map<String, String> fields = new HashMap<>(fields(revision, hash, ""));
        fields.remove("key");
        if (!why.isEmpty()) {
            fields.put("why", why.get(0).at() + ": " + why.get(0).what());
        }
        auditor.note("config-" + outcome, fields);
        LOG.info("state rev={} outcome={} reasons={}", revision, outcome, why.size());
        report(revision, hash, outcome, why);
    }

    private void report(long revision, String hash, String outcome, List<Why> why) {
        String told = JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeNumberField("rev", revision);
            json.writeStringField("hash", hash);
            json.writeStringField("s", outcome);
            json.writeNumberField("t", System.currentTimeMillis());
            json.writeArrayFieldStart("why");
            for (Why each : why.subList(0, Math.min(WHY_MAX, why.size()))) {
                json.writeStartObject();
                json.writeStringField("at", each.at());
                json.writeStringField("what", each.what());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
        if (bundles.told(outcome, told)) {
            reported.accept(told);
        }
    }

    /** Gives up a trial; what was in force before it is again at the next start. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
