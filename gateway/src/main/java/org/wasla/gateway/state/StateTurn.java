package org.wasla.gateway.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.DeviceListing;
import org.wasla.gateway.config.Why;
import org.wasla.gateway.state.ConfigDesk.Box;

/** Takes a box from one state to another, or leaves it as it is: on disk and on its devices. One thread at a time. */
final class StateTurn {
    private static final Logger LOG = LoggerFactory.getLogger(StateTurn.class);
    private final Box box;
    private final StateBook book;
    private final StateVoice voice;
    private final Auditor auditor;
    private final CountDownLatch stopping;
    private volatile DeviceListing inForce;

    /** @param stopping ends a trial early, and the state does not count */
    StateTurn(Box box, StateBook book, StateVoice voice, Auditor auditor, CountDownLatch stopping) {
        this.inForce = box.devices().config().given().listing();
        this.box = box;
        this.book = book;
        this.voice = voice;
        this.auditor = auditor;
        this.stopping = stopping;
    }

    /** The list of devices in force, YAML, a line a device; any thread. */
    String devices() {
        return inForce.list();
    }

    /** The list of devices with these ones, the empty text being what was installed. */
    private DeviceListing listing(@Nullable String devices) throws IOException {
        Optional<String> given = devices == null
                ? book.store().devices(book.current().hash())
                : Optional.of(devices).filter(text -> !text.isEmpty());
        return given.map(DeviceListing::given).orElse(box.installed());
    }

    /**
     * From a state whose words are in order to one that counts, or does not.
     *
     * @param signed what stands for it on disk: its signed text, or the note of a change on the box
     * @param by local:NAME, empty when it comes from outside
     */
    void tryOut(Desired desired, Map<String, Set<String>> meant, String signed, String hash, String by)
            throws IOException, InterruptedException {
        StateTrial trial = new StateTrial(box, meant, stopping);
        String outcome = "refused";
        List<Why> why = new ArrayList<>();
        try {
            book.store().prepare(hash, signed, desired);
            Path folder = book.store().profiles(hash);
            String devices = desired.devices();
            DeviceListing listing = listing(devices);
            boolean isFromOutside = devices != null && !devices.isEmpty();
            if (trial.holdsBefore(desired, folder, listing, isFromOutside)) {
                voice.report(desired.revision(), hash, "trial", by, List.of());
                outcome = "reverted";
                if (trial.holdsOnDevices()) {
                    count(new StateBook.Current(desired.revision(), hash, by), trial, listing);
                    voice.end(desired.revision(), hash, "applied", by, trial.notes());
                    return;
                }
            }
            why.addAll(trial.why());
        } catch (IOException notKept) {
            why.add(new Why("box", "it cannot be kept: " + notKept.getMessage()));
        } finally {
            takeBack(trial, hash);
        }
        drop(hash);
        voice.end(desired.revision(), hash, outcome, by, why);
    }

    /** By a fault of ours too: what does not count must not stay on the devices. */
    private void takeBack(StateTrial trial, String hash) {
        if (!book.current().hash().equals(hash)) {
            trial.takeBack();
        }
    }

    private void drop(String hash) {
        try {
            book.store().drop(hash);
        } catch (IOException left) {
            LOG.warn("a state that does not count is left on disk cause=\"{}\"", left.getMessage());
        }
    }

    /** From disk to the devices: what is taken out goes last. */
    private void count(StateBook.Current next, StateTrial trial, DeviceListing listing) throws IOException {
        book.commit(next);
        inForce = listing;
        trial.finish();
        trial.plan().steps().forEach(this::noteStep);
    }

    private void noteStep(DevicePlan.Step step) {
        Config.Device is = step.is();
        if (is == null) {
            auditor.note("device-unbound", Map.of("dev", step.line()));
        } else if (!step.isSameTalk()) {
            auditor.note(
                    "device-bound",
                    Map.of(
                            "dev", step.line(),
                            "prof", is.profile().name(),
                            "link", is.link().text()));
        }
    }

    /**
     * Another list of devices, by somebody at the box.
     *
     * @param by local:NAME
     * @return what is wrong with it; empty when it is in force
     * @throws IOException when it cannot be kept; then all is as it was
     */
    List<String> change(String devices, String by) throws IOException {
        String note = book.note(by, devices, voice.nowMs());
        String hash = DesiredReader.sha256(note);
        long number = book.highest().number() + 1;
        Desired whole = new Desired(List.of(), number, List.of(), 0, 1, "", "", devices, List.of(), List.of());
        StateTrial trial = new StateTrial(box, Map.of(), stopping);
        DeviceListing listing = listing(devices);
        try {
            book.store().prepare(hash, note, whole);
            if (!trial.holdsBefore(whole, book.store().profiles(hash), listing, false)) {
                drop(hash);
                return trial.why().stream()
                        .map(each -> each.at() + ": " + each.what())
                        .toList();
            }
            trial.giveAll();
            count(new StateBook.Current(number, hash, by), trial, listing);
        } catch (IOException notKept) {
            drop(hash);
            throw notKept;
        } finally {
            takeBack(trial, hash);
        }
        voice.end(number, hash, "applied", by, List.of());
        return List.of();
    }
}
