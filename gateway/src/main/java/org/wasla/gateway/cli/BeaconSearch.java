package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.DatagramEar;
import org.wasla.gateway.identify.Candidate;
import org.wasla.gateway.identify.Identifier;
import org.wasla.gateway.profile.Fingerprint.Beacon;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.seek.Finding;

/** Hears the beacons by which monitors tell everybody on their network that they are there. Sends nothing. One thread. */
final class BeaconSearch {
    private static final int WAIT_MS = 50;
    private final List<Profile> profiles;
    private final Stop stop;
    private final Map<String, Finding> found = new LinkedHashMap<>();

    BeaconSearch(List<Profile> profiles, Stop stop) {
        this.profiles = profiles;
        this.stop = stop;
    }

    /** A port that is heard. */
    private record Ear(int port, DatagramEar ear) {}

    List<Finding> listen(long forNs) throws IOException, InterruptedException {
        List<Ear> ears = new ArrayList<>();
        try {
            open(ears);
            long endNs = System.nanoTime() + forNs;
            while (!ears.isEmpty() && endNs - System.nanoTime() > 0 && !stop.await(0)) {
                for (Ear ear : ears) {
                    Optional<DatagramEar.Datagram> datagram = ear.ear().read(WAIT_MS);
                    datagram.ifPresent(came -> heard(ear.port(), came));
                }
            }
        } finally {
            ears.forEach(ear -> ear.ear().close());
        }
        return new ArrayList<>(found.values());
    }

    private void open(List<Ear> ears) throws IOException {
        Map<Integer, @Nullable String> groups = new LinkedHashMap<>();
        for (Profile profile : profiles) {
            Beacon beacon = profile.fingerprint().beacon();
            if (beacon != null) {
                groups.merge(beacon.port(), beacon.group() == null ? "" : beacon.group(), String::concat);
            }
        }
        for (Map.Entry<Integer, @Nullable String> entry : groups.entrySet()) {
            String group = entry.getValue();
            System.err.println("listening: UDP port " + entry.getKey());
            ears.add(new Ear(
                    entry.getKey(), DatagramEar.open(entry.getKey(), group == null || group.isEmpty() ? null : group)));
        }
    }

    private void heard(int port, DatagramEar.Datagram datagram) {
        for (Candidate candidate : Identifier.known(Identifier.beacon(profiles, port, datagram.text()))) {
            Beacon beacon = candidate.profile().fingerprint().beacon();
            if (beacon != null) {
                String link = beacon.link().replace("{host}", datagram.host());
                found.putIfAbsent(candidate.profile().id() + " " + link, new Finding(candidate, link));
            }
        }
    }
}
