package org.wasla.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/** The list of devices changes while the box runs, from outside and at the box; the other lines do not notice. */
class DevicesIT {
    private static final String GARBLED =
            TestStates.PROFILE.replace("1.0.0", "1.1.0").replace("ucum: '%'}", "ucum: '%', scale: 0.1}");

    @TempDir
    Path folder;

    private final TestStates states = new TestStates();

    private static String device(String id, String link) {
        return "- {id: " + id + ", profile: oxi, location: rea1/" + id + ", link: \"" + link + "\"}\n";
    }

    /** In the order in which the device said them: none is missing. */
    private static void assertUnbroken(List<String> records) {
        long expected = 1;
        for (String record : records) {
            assertTrue(record.contains("\"seq\":" + expected + ","), record);
            assertTrue(record.contains("\"r\":\"n\",\"v\":" + expected + "}"), record);
            expected++;
        }
    }

    private static DeviceState state(DeskBox box, String device) {
        DeviceWorker worker = box.devices.worker(device);
        return worker == null ? DeviceState.REMOVED : worker.status().state();
    }

    @Test
    void devicesComeMoveAndGo() throws Exception {
        try (Talker a = new Talker(5);
                Talker b = new Talker(5);
                Talker c = new Talker(5);
                DeskBox box = new DeskBox(folder, states, device("oxi-a", a.link()))) {
            box.hear("oxi-a", 5);
            String added = states.state(1)
                    .devices(device("oxi-a", a.link()) + device("oxi-b", b.link()))
                    .sign();
            String report = box.give(added);
            assertTrue(report.contains("\"s\":\"applied\"") && report.contains("\"why\":[]"), report);
            box.hear("oxi-b", 5);
            assertTrue(box.audit().contains("\"e\":\"device-bound\",\"dev\":\"oxi-b\""), box.audit());

            // Another place, and another port.
            String moved = states.state(2)
                    .after(added)
                    .devices(device("oxi-a", a.link())
                            + device("oxi-b", c.link()).replace("rea1/oxi-b", "rea2/b9"))
                    .sign();
            assertTrue(box.give(moved).contains("\"s\":\"applied\""));
            box.hear("oxi-b", 5);
            assertTrue(box.records("oxi-b").toString().contains("\"loc\":\"rea2/b9\""));
            assertEquals("rea2/b9", box.devices.config().devices().get(1).location());
            assertEquals(1, c.connections());

            String gone = states.state(3)
                    .after(moved)
                    .devices(device("oxi-a", a.link()))
                    .sign();
            assertTrue(box.give(gone).contains("\"s\":\"applied\""));
            assertEquals(List.of("oxi-b removed"), box.removed);
            assertTrue(box.audit().contains("\"e\":\"device-unbound\",\"dev\":\"oxi-b\""));
            box.hear("oxi-a", 5);
            assertEquals(1, a.connections(), "the line of the neighbour was never closed");
            assertUnbroken(box.records("oxi-a"));
        }
        // After the next start too: the list of the file is what was installed.
        Config again = DeskBox.config(folder, folder.resolve("buffer"), states, device("oxi-z", "tcp:127.0.0.1:1"));
        assertEquals(
                List.of("oxi-a"),
                again.devices().stream().map(Config.Device::id).toList());
        assertEquals(List.of(), again.given().why());
    }

    @Test
    void allMistakesOfAListAreToldByLineAndNothingIsTouched() throws Exception {
        try (Talker a = new Talker(5);
                DeskBox box = new DeskBox(folder, states, device("oxi-a", a.link()))) {
            String yaml =
                    "- {id: oxi-a, profile: oxi, lonk: x}\n- {id: oxi-a, profile: none, link: \"serial:/dev/ttyS0\"}\n"
                            + "- {id: oxi-c, profile: /tmp/evil, link: \"serial:/etc/passwd\"}\n";
            String report = box.give(states.state(1).devices(yaml).sign());
            assertTrue(report.contains("\"s\":\"refused\""), report);
            assertTrue(report.contains("\"at\":\"devices line 1\",\"what\":\"devices[0].lonk is not known"), report);
            assertTrue(report.contains("devices line 2") && report.contains("a second time"), report);
            assertTrue(report.contains("is 'none', no profile"), report);
            // By paths nothing else can be read or opened.
            String escape = "- {id: oxi-a, profile: " + folder.resolve("profiles/oxi") + ", link: \"serial:/etc/x\"}\n"
                    + "- {id: oxi-b, profile: oxi, link: \"serial:/dev/../etc/x\"}\n";
            report = box.give(states.state(2).devices(escape).sign());
            assertTrue(report.contains("profile is a path; write the id of a profile"), report);
            assertTrue(report.contains("the line of oxi-b is no port"), report);
            assertTrue(box.give(states.state(3).devices("a: 1").sign()).contains("devices is no list"));
            String bomb = "[".repeat(20_000);
            assertTrue(box.give(states.state(4).devices(bomb).sign()).contains("nested deeper than 50 levels"));
            box.hear("oxi-a", 5);
            assertEquals(List.of("oxi-a"), List.copyOf(box.profiles().keySet()));
            assertEquals(0, box.devices.config().given().why().size());
        }
    }

    @Test
    void aNewLineIsJudgedByWhatArrives() throws Exception {
        try (Talker a = new Talker(5);
                Talker b = new Talker(5).says(n -> "???\n");
                DeskBox box = new DeskBox(folder, states, device("oxi-a", a.link()))) {
            box.hear("oxi-a", 5);
            String closed = "tcp:127.0.0.1:" + Mosquitto.freePort();
            String one = states.state(1)
                    .devices(device("oxi-a", a.link()) + device("oxi-b", closed))
                    .sign();
            String report = box.give(one);
            assertTrue(report.contains("\"s\":\"applied\""), report);
            assertTrue(report.contains("{\"at\":\"oxi-b\",\"what\":\"its line cannot be opened: "), report);
            // Bytes that make no message: the profile or the speed is wrong.
            String two = states.state(2)
                    .after(one)
                    .devices(device("oxi-a", a.link()) + device("oxi-b", closed) + device("oxi-c", b.link()))
                    .sign();
            report = box.give(two);
            assertTrue(report.contains("\"s\":\"reverted\""), report);
            assertTrue(report.contains("{\"at\":\"oxi-c\",\"what\":\"bytes arrive and make no whole message"), report);
            assertEquals(List.of("oxi-c removed"), box.removed);
            // A device that was heard goes back to where it was heard.
            String three = states.state(3)
                    .after(one)
                    .devices(device("oxi-a", "tcp:127.0.0.1:" + Mosquitto.freePort()) + device("oxi-b", closed))
                    .sign();
            report = box.give(three);
            assertTrue(report.contains("\"s\":\"reverted\"") && report.contains("it was heard before"), report);
            box.hear("oxi-a", 5);
            assertEquals(2, a.connections());
            // One takes over the port of another that goes.
            String four = states.state(4)
                    .after(one)
                    .devices(device("oxi-n", a.link()))
                    .sign();
            assertTrue(box.give(four).contains("\"s\":\"applied\""));
            box.hear("oxi-n", 5);
        }
    }

    /** Two profiles that read the same bytes: what the new one makes of them is other than before. */
    @Test
    void aProfileThatDecodesGarbageIsCaughtBeforeAndWhileItIsTried() throws Exception {
        String said = "{\"n\":\"count\",\"r\":\"n\",\"v\":1},{\"n\":\"spo2\",\"r\":\"spo2\",\"v\":9.7,\"u\":\"%\"}";
        try (Talker silent = new Talker(20).says(n -> "");
                DeskBox box = new DeskBox(folder, folder.resolve("b"), states, device("oxi-s", silent.link()), 1_500)) {
            // Nothing was heard before: only the watch can see it.
            String one = states.state(1).profile(GARBLED, "1.1.0", said, "").sign();
            int before = box.reports.size();
            box.desk.desired(one.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            Ear.until("the trial", DeskBox.WAIT_MS, () -> box.reports.toString().contains("\"trial\""));
            silent.says(n -> "N=" + n + " S=97\n");
            String report = box.outcomeAfter(before);
            assertTrue(report.contains("\"s\":\"reverted\"") && report.contains("each 0.1 times"), report);
            assertEquals("oxi@1.0.0", box.profiles().get("oxi-s"));
            // Now it was heard: it is refused before any device has it.
            Ear.until("oxi-s", DeskBox.WAIT_MS, () -> state(box, "oxi-s") == DeviceState.LINKED);
            report =
                    box.give(states.state(2).profile(GARBLED, "1.1.0", said, "").sign());
            assertTrue(report.contains("\"s\":\"refused\"") && report.contains("each 0.1 times"), report);
        }
    }

    @Test
    void whoStandsBesideTheBoxChangesItAndIsNotOverwritten() throws Exception {
        try (Talker a = new Talker(5);
                Talker b = new Talker(5);
                DeskBox box = new DeskBox(folder, states, device("oxi-a", a.link()))) {
            String list = box.desk.devices();
            assertEquals(1, list.lines().count(), list);
            List<String> problems = box.desk.change(list + "- {id: oxi-b, profile: oxi}\n", "salma");
            assertEquals(
                    List.of("devices line 2: devices[1] has no 'link'; add link: \"serial:/dev/ttyUSB0\""), problems);
            assertEquals(List.of(), box.desk.change(list + device("oxi-b", b.link()), "salma"));
            box.hear("oxi-b", 5);
            String report = box.reports.get(box.reports.size() - 1);
            assertTrue(report.contains("\"rev\":1,"), report);
            assertTrue(report.contains("\"local\":true,\"by\":\"local:salma\""), report);
            assertTrue(box.audit().contains("\"by\":\"local:salma\""));
            // The platform does not know of it yet.
            String refused = box.give(states.state(2).devices("[]").sign());
            assertTrue(
                    refused.contains("prev does not name the state that the box is in; local:salma changed"), refused);
            String hash = report.replaceFirst(".*\"hash\":\"([0-9a-f]{64})\".*", "$1");
            String knows = states.state(2).previous(hash).devices("").sign();
            assertTrue(box.give(knows).contains("\"s\":\"applied\""));
            assertEquals(List.of("oxi-a"), List.copyOf(box.profiles().keySet()), "the list of the file again");
            assertEquals(List.of(), box.desk.change(box.desk.devices() + device("oxi-b", b.link()), "salma"));
        }
        Config again = DeskBox.config(folder, folder.resolve("buffer"), states, device("oxi-z", "tcp:127.0.0.1:1"));
        assertEquals(2, again.devices().size());
        assertTrue(StateBook.open(folder.resolve("buffer")).current().isLocal());
        assertFalse(Files.exists(folder.resolve("buffer/trust/states/current.new")));
    }
}
