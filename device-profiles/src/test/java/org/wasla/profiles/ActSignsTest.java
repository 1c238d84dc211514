package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.acts.Act;
import org.wasla.gateway.acts.ActRules;
import org.wasla.gateway.acts.ActTable;
import org.wasla.gateway.acts.Acts;
import org.wasla.gateway.acts.PeriodRules;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileReader;

/** A sign that no record of the device ever shows would make no periods, and nobody would notice. */
class ActSignsTest {
    private static final Set<String> WITH_PERIODS =
            Set.of("alaris-asena", "bbraun-space", "fresenius-orchestra", "pb840", "draeger-medibus", "hamilton-block");
    private static final long START_MS = 1_781_596_800_000L;
    private static final long QUIET_MS = 600_000;
    private static final int MESSAGES = 80;

    @Test
    void theseProfilesSayWhatShowsThatTheyRun() throws IOException {
        Set<String> told = new TreeSet<>();
        String page = Files.readString(Shelf.FOLDER.resolve("../ops/contract/ACTS.md"));
        for (Path folder : Shelf.store().all()) {
            String id = folder.getFileName().toString();
            if (Files.readString(folder.resolve(ProfileReader.FILE)).contains("\nact:\n")) {
                told.add(id);
                assertTrue(page.contains('`' + id + '`'), id + " is not on the page");
            }
        }
        assertEquals(new TreeSet<>(WITH_PERIODS), told);
    }

    @Test
    void aSimulatedDayOfEachHasAPeriodOfItsKind() throws IOException {
        for (String id : WITH_PERIODS) {
            Profile profile = Shelf.profile(id);
            PeriodRules rules = Objects.requireNonNull(profile.act());
            List<Act> acts = acts(profile, rules);
            assertFalse(acts.isEmpty(), id);
            for (Act act : acts) {
                assertEquals(
                        id.matches("pb840|draeger.*|hamilton.*") ? "ventilation" : "infusion",
                        act.type().wire());
                assertTrue(act.extent().quantity() <= MESSAGES, id + ": " + act.extent());
            }
        }
    }

    /** Every message of the simulator a second after the one before. */
    private static List<Act> acts(Profile profile, PeriodRules rules) {
        ActRules.Device device = new ActRules.Device(profile.device().kind(), rules);
        Acts acts = new Acts(
                new ActRules(Set.of(), QUIET_MS, 1, 1, ActTable.NONE, Map.of(profile.id(), device)), "00000000");
        List<Act> done = new ArrayList<>();
        long ms = 0;
        for (byte[] message : Run.simulated(profile, MESSAGES)) {
            ms += 1_000;
            for (String record : Run.bytes(profile, message, message.length).messages()) {
                String timed =
                        record.replace("\"t\":1", "\"prof\":\"" + profile.name() + "\",\"t\":" + (START_MS + ms));
                done.addAll(acts.take("d", "obs", ms, timed.getBytes(StandardCharsets.UTF_8), ms * 1_000_000));
            }
        }
        done.addAll(acts.tick((ms + QUIET_MS + 1) * 1_000_000));
        return done;
    }
}
