package org.wasla.gateway.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.ProfileStore;

/**
 * What a box runs on, of what it was given since it was installed. Immutable.
 *
 * @param installed the list of devices in the configuration file
 * @param listing the list in force
 * @param hash of the state in force, empty: what was installed
 * @param why what keeps a newer state from being in force; empty when the newest is
 */
public record Given(DeviceListing installed, DeviceListing listing, String hash, List<Why> why) {
    public Given {
        why = List.copyOf(why);
    }

    /** What is in force, and the devices and profiles that it gives. */
    record Reading(Given given, ProfileStore profiles, DeviceList devices) {}

    /**
     * Takes the newest state that this software can read: the one in force, the one before, or what was installed. A
     * state that it cannot read must not keep the devices unread.
     *
     * @param folders of installed profiles
     * @param problems gets the mistakes of what was installed, when that is what counts
     */
    static Reading read(StateStore states, List<Path> folders, DeviceListing installed, Problems problems)
            throws IOException {
        List<Why> why = new ArrayList<>();
        try {
            for (String hash : states.newestFirst()) {
                Optional<Reading> found = state(states, hash, folders, installed, why);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        } catch (IOException unreadable) {
            why.add(new Why("box", "the states on disk cannot be read: " + unreadable.getMessage()));
        }
        ProfileStore profiles = ProfileStore.open(folders);
        Given given = new Given(installed, installed, "", why);
        return new Reading(given, profiles, installed.read(profiles, problems));
    }

    private static Optional<Reading> state(
            StateStore states, String hash, List<Path> folders, DeviceListing installed, List<Why> why)
            throws IOException {
        List<Path> all = new ArrayList<>(folders);
        all.add(states.profiles(hash));
        ProfileStore profiles = ProfileStore.open(all);
        DeviceListing listing = states.devices(hash).map(DeviceListing::given).orElse(installed);
        Problems own = new Problems();
        DeviceList devices = listing.read(profiles, own);
        if (own.isEmpty()) {
            return Optional.of(new Reading(new Given(installed, listing, hash, why), profiles, devices));
        }
        why.addAll(Why.of(own));
        return Optional.empty();
    }
}
