package org.wasla.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/**
 * Two devices that speak all the time; one goes on under another profile again and again. Of the neighbour no byte is
 * lost, of its own at most the frame that was under way.
 */
class NeighbourIT {
    private static final int CHANGES = 10;
    private static final Pattern NUMBER = Pattern.compile("\"seq\":(\\d+),.*\"r\":\"n\",\"v\":(\\d+)");

    @TempDir
    Path folder;

    private Profile profile(String version) throws Exception {
        Path home = Files.createDirectories(folder.resolve("v" + version + "/oxi"));
        Files.writeString(home.resolve("profile.yaml"), TestStates.PROFILE.replace("1.0.0", version));
        Problems problems = new Problems();
        Profile profile =
                ProfileStore.open(List.of(Path.of("../device-profiles"))).read(home, problems);
        assertEquals(List.of(), problems.list());
        return profile;
    }

    /** How many of the device's numbers are missing; each record has the next number of its stream. */
    private static int missing(List<String> records) {
        int missing = 0;
        long seq = 1;
        long last = 0;
        for (String record : records) {
            Matcher found = NUMBER.matcher(record);
            assertTrue(found.find(), record);
            assertEquals(seq, Long.parseLong(found.group(1)), "its stream has no hole");
            long said = Long.parseLong(found.group(2));
            assertTrue(said > last, "nothing twice, nothing out of order: " + said + " after " + last);
            missing += (int) (said - last - 1);
            last = said;
            seq++;
        }
        return missing;
    }

    @Test
    void aProfileThatChangesCostsTheNeighbourNothing() throws Exception {
        List<Profile> versions = List.of(profile("1.0.1"), profile("1.0.2"));
        // In the middle of a line, so that a change falls into a frame: half now, half with the next.
        try (Talker own = new Talker(1).says(n -> n % 2 == 0 ? " S=97\n" : "N=" + (n + 1) / 2);
                Talker other = new Talker(1);
                DeskBox box = new DeskBox(
                        folder,
                        new TestStates(),
                        "- {id: oxi-a, profile: oxi, link: \"" + own.link() + "\"}\n"
                                + "- {id: oxi-b, profile: oxi, link: \"" + other.link() + "\"}\n")) {
            box.hear("oxi-a", 5);
            box.hear("oxi-b", 5);
            for (int i = 0; i < CHANGES; i++) {
                Map<String, Config.Device> lines = box.devices.list().lines();
                Config.Device was =
                        lines.getOrDefault("oxi-a", box.config.devices().get(0));
                box.devices.put(
                        "oxi-a",
                        new Config.Device(
                                was.id(), was.location(), versions.get(i % 2), was.link(), was.parts(), was.aliases()));
                box.hear("oxi-a", 5);
            }
            List<String> changed = box.records("oxi-a");
            assertEquals(0, missing(box.records("oxi-b")));
            int lost = missing(changed);
            assertTrue(lost <= CHANGES, lost + " frames lost in " + CHANGES + " changes");
            assertEquals(0, box.devices.all().get(1).tally().skippedBytes());
            assertEquals(1, own.connections(), "its line stays open");
            assertTrue(changed.toString().contains("oxi@1.0.1")
                    && changed.toString().contains("oxi@1.0.2"));
        }
    }
}
