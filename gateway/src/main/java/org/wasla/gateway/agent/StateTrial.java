package org.wasla.gateway.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.agent.ConfigDesk.Box;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.device.DeviceSettings;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.profile.Comparison;
import org.wasla.gateway.profile.Golden;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/**
 * The trial of one state on this box: its profiles' captures, the last bytes of every line that it concerns, then one
 * device, watched, then all, watched. What speaks against it is gathered, by field and count and never by value. One
 * thread.
 */
final class StateTrial {
    private static final Logger LOG = LoggerFactory.getLogger(StateTrial.class);

    private final Box box;
    private final CountDownLatch stopping;
    /** Fields that are meant to change, by profile. */
    private final Map<String, Set<String>> meant;

    private final List<Why> why = new ArrayList<>();
    private Map<DeviceWorker, DeviceSettings> changes = Map.of();
    private final Map<DeviceWorker, DeviceSettings> before = new LinkedHashMap<>();

    /** Where something is wrong, and what. */
    record Why(String at, String what) {}

    /** @param stopping ends a watch early, and the trial with it */
    StateTrial(Box box, Map<String, Set<String>> meant, CountDownLatch stopping) {
        this.box = box;
        this.meant = Map.copyOf(meant);
        this.stopping = stopping;
    }

    /** What speaks against the state so far. */
    List<Why> why() {
        return List.copyOf(why);
    }

    /**
     * Whether the state may be given to devices.
     *
     * @param folder the state's profiles
     */
    boolean holdsBefore(Desired desired, Path folder) throws IOException {
        List<Path> folders = new ArrayList<>(box.profileFolders());
        folders.add(folder);
        ProfileStore profiles = ProfileStore.open(folders);
        for (Desired.Bundle bundle : desired.profiles()) {
            test(profiles, bundle);
        }
        if (why.isEmpty()) {
            changes = changes(profiles);
        }
        changes.forEach((worker, next) -> compare(worker.settings().profile(), next));
        return why.isEmpty();
    }

    private void test(ProfileStore profiles, Desired.Bundle bundle) throws IOException {
        Profile profile = read(profiles, bundle.id());
        if (profile == null) {
            return;
        }
        if (!profile.version().equals(bundle.version())) {
            why.add(new Why(bundle.id(), "its version is " + profile.version() + " and not " + bundle.version()));
        }
        for (Golden.Result result : Golden.test(profile, box.codes(), false)) {
            if (!result.difference().isEmpty()) {
                why.add(new Why(bundle.id(), "capture " + result.capture() + " does not pass"));
            }
        }
    }

    private @Nullable Profile read(ProfileStore profiles, String id) throws IOException {
        Optional<Path> folder = profiles.find(id);
        if (folder.isEmpty()) {
            why.add(new Why(id, "there is no such profile"));
            return null;
        }
        Problems problems = new Problems();
        Profile profile = profiles.read(folder.get(), problems);
        problems.list()
                .forEach(each -> why.add(new Why(id + " line " + each.line(), each.what() + "; " + each.remedy())));
        return problems.isEmpty() ? profile : null;
    }

    /** What each worker is to become. */
    private Map<DeviceWorker, DeviceSettings> changes(ProfileStore profiles) throws IOException {
        Map<DeviceWorker, DeviceSettings> found = new LinkedHashMap<>();
        for (DeviceWorker worker : box.workers()) {
            DeviceSettings settings = worker.settings();
            Profile next = read(profiles, settings.profile().id());
            if (next != null && !next.hash().equals(settings.profile().hash())) {
                found.put(worker, settings.under(next));
            }
        }
        return found;
    }

    /** The last bytes of a line through the old profile and the new. */
    private void compare(Profile old, DeviceSettings next) {
        LiveBytes bytes = box.live().get(next.id());
        if (bytes == null) {
            return;
        }
        Set<String> expected = meant.getOrDefault(next.profile().id(), Set.of());
        Comparison found = Comparison.of(old, next.profile(), box.codes(), bytes.chunks(), expected);
        found.worse().forEach(each -> why.add(new Why(next.id(), each)));
        LOG.info(
                "trial device={} messages={}/{} worse={} otherwise={}",
                next.id(),
                found.messages().old(),
                found.messages().next(),
                found.worse().size(),
                found.otherwise().size());
    }

    /** Gives it to one device and then to all; whether it holds. When it does not all are as they were. */
    boolean holdsOnDevices() throws InterruptedException {
        for (Map.Entry<DeviceWorker, DeviceSettings> change : changes.entrySet()) {
            boolean isFirst = before.isEmpty();
            before.put(change.getKey(), change.getKey().settings());
            change.getKey().adopt(change.getValue());
            if (isFirst) {
                watch();
            }
            if (!why.isEmpty()) {
                break;
            }
        }
        if (why.isEmpty() && changes.size() > 1) {
            watch();
        }
        if (!why.isEmpty()) {
            takeBack();
        }
        return why.isEmpty();
    }

    /** All devices are as they were. */
    void takeBack() {
        before.forEach(DeviceWorker::adopt);
    }

    /** The bytes that came since go through both profiles too. */
    private void watch() throws InterruptedException {
        if (stopping.await(box.trust().watchMs(), TimeUnit.MILLISECONDS)) {
            why.add(new Why("box", "it was stopped during the trial"));
            return;
        }
        before.forEach((worker, old) -> {
            DeviceSettings next = changes.get(worker);
            if (next != null) {
                compare(old.profile(), next);
            }
        });
    }
}
