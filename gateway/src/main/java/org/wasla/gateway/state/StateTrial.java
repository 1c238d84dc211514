package org.wasla.gateway.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.DeviceList;
import org.wasla.gateway.config.DeviceListing;
import org.wasla.gateway.config.Why;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.profile.Comparison;
import org.wasla.gateway.profile.Golden;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.state.ConfigDesk.Box;
import org.wasla.gateway.state.DevicePlan.Step;

/**
 * The trial of one state on this box: its list of devices, its profiles' captures, the last bytes of every line that it
 * concerns, then one line, watched, then all, watched. What speaks against it is gathered, by field and count and never
 * by value. One thread.
 *
 * <p>Where a profile becomes another version of itself its output is compared. A line that is new, has another port or a
 * profile of another id has nothing to be compared with: it is judged by what arrives. Then a device that was heard must
 * be heard, and bytes must make whole messages; a line that cannot be opened, or stays silent, is told and keeps nothing
 * from counting, since the cable may be plugged in later.
 */
public final class StateTrial {
    private static final Logger LOG = LoggerFactory.getLogger(StateTrial.class);

    private final Box box;
    private final Devices devices;
    private final CountDownLatch stopping;
    /** Fields that are meant to change, by profile. */
    private final Map<String, Set<String>> meant;

    private final List<Why> why = new ArrayList<>();
    private final List<Why> notes = new ArrayList<>();
    private DevicePlan plan = new DevicePlan(List.of(), List.of(), List.of(), false);
    /** What was done, in order, and how each line stood before. */
    private final Map<Step, Boolean> done = new LinkedHashMap<>();

    /** @param stopping ends a watch early, and the trial with it */
    StateTrial(Box box, Map<String, Set<String>> meant, CountDownLatch stopping) {
        this.box = box;
        this.devices = box.devices();
        this.meant = Map.copyOf(meant);
        this.stopping = stopping;
    }

    /** What speaks against the state so far. */
    List<Why> why() {
        return List.copyOf(why);
    }

    /** What is to be looked at although the state holds. */
    List<Why> notes() {
        return List.copyOf(notes);
    }

    DevicePlan plan() {
        return plan;
    }

    /**
     * Whether the state may be given to devices.
     *
     * @param folder the state's profiles
     * @param listing the list of devices with it
     * @param isFromOutside whether the list itself came over the network
     */
    boolean holdsBefore(Desired desired, Path folder, DeviceListing listing, boolean isFromOutside) throws IOException {
        List<Path> folders = new ArrayList<>(box.profileFolders());
        folders.add(folder);
        ProfileStore profiles = ProfileStore.open(folders);
        for (Desired.Bundle bundle : desired.profiles()) {
            test(profiles, bundle);
        }
        Problems problems = new Problems();
        DeviceList wanted = listing.read(profiles, problems);
        why.addAll(Why.of(problems));
        if (isFromOutside) {
            listing.escapes(wanted).forEach(each -> why.add(new Why("devices", each)));
        }
        if (why.isEmpty()) {
            plan = DevicePlan.of(devices.list(), wanted);
            plan.puts().stream().map(box.problem()).forEach(why::addAll);
            plan.puts().forEach(this::compare);
        }
        return why.isEmpty();
    }

    private void test(ProfileStore profiles, Desired.Bundle bundle) throws IOException {
        Path folder = profiles.find(bundle.id()).orElse(null);
        if (folder == null) {
            why.add(new Why(bundle.id(), "there is no such profile"));
            return;
        }
        Problems problems = new Problems();
        Profile profile = profiles.read(folder, problems);
        if (!problems.isEmpty()) {
            why.addAll(Why.of(problems));
            return;
        }
        if (!profile.version().equals(bundle.version())) {
            why.add(new Why(bundle.id(), "its version is " + profile.version() + " and not " + bundle.version()));
        }
        for (Golden.Result result : Golden.test(profile, box.codes(), false)) {
            if (!result.difference().isEmpty()) {
                String what = result.isEndless() ? result.difference() : "does not pass";
                why.add(new Why(bundle.id(), "capture " + result.capture() + (result.isEndless() ? ": " : " ") + what));
            }
        }
    }

    /** The last bytes of a line through the old profile and the new. */
    private void compare(Step step) {
        Config.Device was = step.was();
        Config.Device is = step.is();
        LiveBytes bytes = devices.live(step.line());
        if (bytes == null || was == null || is == null || !step.isSameTalk()) {
            return;
        }
        Set<String> expected = meant.getOrDefault(is.profile().id(), Set.of());
        Comparison found = Comparison.of(was.profile(), is.profile(), box.codes(), bytes.chunks(), expected);
        found.worse().forEach(each -> why.add(new Why(step.line(), each)));
        LOG.info(
                "trial device={} messages={}/{} worse={} otherwise={}",
                step.line(),
                found.messages().old(),
                found.messages().next(),
                found.worse().size(),
                found.otherwise().size());
    }

    /** Gives it to one line and then to all; whether it holds. When it does not all are as they were. */
    boolean holdsOnDevices() throws InterruptedException {
        plan.first().forEach(this::give);
        List<Step> rest = new ArrayList<>(plan.puts());
        if (plan.oneAlone()) {
            give(rest.remove(0));
            watch();
        }
        if (why.isEmpty()) {
            rest.forEach(this::give);
            if (!rest.isEmpty()) {
                watch();
            }
        }
        if (!why.isEmpty()) {
            takeBack();
        }
        return why.isEmpty();
    }

    /** What is taken out goes once the state counts; until then its records come. */
    void finish() {
        plan.last().forEach(this::give);
        devices.settle();
    }

    /** Without a trial: somebody stands beside the box and looks. */
    void giveAll() {
        plan.first().forEach(this::give);
        plan.puts().forEach(this::give);
    }

    private void give(Step step) {
        DeviceWorker before = devices.worker(step.line());
        done.put(step, before != null && before.status().state() == DeviceState.LINKED);
        Config.Device is = step.is();
        if (is == null) {
            devices.remove(step.line());
        } else {
            devices.put(step.line(), is);
        }
    }

    /** All lines are as they were: what was added goes first, since what was taken away may need its port. */
    void takeBack() {
        List<Step> undo = new ArrayList<>(done.keySet());
        undo.stream().filter(step -> step.was() == null).forEach(step -> devices.remove(step.line()));
        for (Step step : undo) {
            Config.@Nullable Device was = step.was();
            if (was != null) {
                devices.put(step.line(), was);
            }
        }
        done.clear();
    }

    /** The bytes that came since go through both profiles too; new lines are judged by what they bring. */
    private void watch() throws InterruptedException {
        if (stopping.await(box.watchMs(), TimeUnit.MILLISECONDS)) {
            why.add(new Why("box", "it was stopped during the trial"));
            return;
        }
        notes.clear();
        done.forEach((step, wasHeard) -> {
            if (step.isSameTalk()) {
                compare(step);
            } else if (step.is() != null) {
                judge(step.line(), wasHeard);
            }
        });
    }

    private void judge(String line, boolean wasHeard) {
        DeviceWorker worker = devices.worker(line);
        if (worker == null) {
            return;
        }
        DeviceWorker.Status status = worker.status();
        LiveBytes live = devices.live(line);
        boolean hasBytes = worker.tally().skippedBytes() > 0
                || !worker.tally().bad().isEmpty()
                || live != null && !live.chunks().isEmpty();
        if (worker.tally().frames() > 0) {
            return;
        }
        if (hasBytes) {
            why.add(new Why(
                    line, "bytes arrive and make no whole message; correct its profile or the line's settings"));
        } else if (wasHeard) {
            why.add(new Why(line, "it was heard before and is not any more: " + status.why()));
        } else if (status.state() == DeviceState.FAULT) {
            notes.add(new Why(line, "its line cannot be opened: " + status.why()));
        } else {
            notes.add(new Why(line, "its line is open and nothing was heard yet"));
        }
    }
}
