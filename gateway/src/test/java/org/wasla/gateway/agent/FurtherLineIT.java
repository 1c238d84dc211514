package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A device with several lines takes up what changes while the box runs, line by line: the others do not notice. */
@Execution(ExecutionMode.CONCURRENT)
class FurtherLineIT {
    private static final String MORE = TestStates.PROFILE.replace("id: oxi", "id: oxi-more");
    private static final String GARBLED =
            MORE.replace("1.0.0", "1.1.0").replace("ucum: '%'}", "ucum: '%', scale: 0.1}");
    private static final String RENAMED = MORE.replace("1.0.0", "1.2.0").replace("name: count", "name: messages");
    private static final Pattern RECORD =
            Pattern.compile("\"seq\":(\\d+),.*\"prof\":\"([a-z-]+)@.*\"r\":\"n\",\"v\":(\\d+)");

    @TempDir
    Path folder;

    private final TestStates states = new TestStates();

    @BeforeEach
    void install() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("profiles/oxi-more")).resolve("profile.yaml"), MORE);
    }

    private static String device(Talker first, String ports) {
        return "- {id: oxi-a, profile: oxi, location: rea1/b1, link: \"" + first.link() + "\"" + ports + "}\n";
    }

    private static String port(Talker further) {
        return ", ports: {more: \"" + further.link() + "\"}";
    }

    /** How many of the numbers that the device said on one of its lines are missing; the stream itself has no hole. */
    private static long missing(List<String> records, String profile) {
        long missing = 0;
        long seq = 0;
        long last = 0;
        for (String record : records) {
            Matcher found = RECORD.matcher(record);
            assertTrue(found.find(), record);
            assertEquals(++seq, Long.parseLong(found.group(1)), "one stream for both lines, without a hole");
            if (found.group(2).equals(profile)) {
                long said = Long.parseLong(found.group(3));
                assertTrue(said > last, record);
                missing += said - last - 1;
                last = said;
            }
        }
        assertTrue(last > 5, profile + " said only " + last);
        return missing;
    }

    @Test
    void anotherProfileOfOneLineLeavesTheOtherAlone() throws Exception {
        try (Talker a = new Talker(5);
                Talker b = new Talker(5);
                DeskBox box = new DeskBox(folder, states, device(a, port(b)))) {
            box.hear("oxi-a", 40);
            // The wrong scale is seen on the bytes of the very line that it is for.
            String wrong = states.state(1)
                    .profile(
                            "oxi-more",
                            GARBLED,
                            "1.1.0",
                            "{\"n\":\"count\",\"r\":\"n\",\"v\":1},{\"n\":\"spo2\",\"r\":\"spo2\",\"v\":9.7,\"u\":\"%\"}",
                            "")
                    .sign();
            String report = box.give(wrong);
            assertTrue(report.contains("\"s\":\"refused\""), report);
            assertTrue(report.contains("{\"at\":\"oxi-a/oxi-more\",\"what\":\"spo2: "), report);
            String right = states.state(2)
                    .profile(
                            "oxi-more",
                            RENAMED,
                            "1.2.0",
                            "{\"n\":\"messages\",\"r\":\"n\",\"v\":1},{\"n\":\"spo2\",\"r\":\"spo2\",\"v\":97,\"u\":\"%\"}",
                            "\"n\"")
                    .sign();
            report = box.give(right);
            assertTrue(report.contains("\"s\":\"applied\""), report);
            box.hear("oxi-a", 20);
            List<String> records = box.records("oxi-a");
            assertTrue(records.toString().contains("oxi-more@1.2.0"), "taken up while it runs");
            assertTrue(!records.toString().contains("oxi-more@1.1.0"), "never on the line");
            assertEquals(0, missing(records, "oxi"));
            assertTrue(missing(records, "oxi-more") <= 1, "the frame under way");
            assertEquals(1, a.connections());
            assertEquals(1, b.connections(), "both lines stay open");
        }
    }

    @Test
    void linesOfADeviceComeMoveAndGo() throws Exception {
        try (Talker a = new Talker(5);
                Talker b = new Talker(5);
                Talker c = new Talker(5);
                DeskBox box = new DeskBox(folder, states, device(a, ""))) {
            box.hear("oxi-a", 5);
            String added = states.state(1).devices(device(a, port(b))).sign();
            String report = box.give(added);
            assertTrue(report.contains("\"s\":\"applied\"") && report.contains("\"why\":[]"), report);
            assertTrue(box.audit().contains("\"e\":\"device-bound\",\"dev\":\"oxi-a/oxi-more\""), box.audit());
            String moved =
                    states.state(2).after(added).devices(device(a, port(c))).sign();
            assertTrue(box.give(moved).contains("\"s\":\"applied\""), box.reports.toString());
            box.hear("oxi-a", 20);
            assertEquals(1, c.connections());
            String placed = states.state(3)
                    .after(moved)
                    .devices(device(a, port(c)).replace("rea1/b1", "rea2/b9"))
                    .sign();
            assertTrue(box.give(placed).contains("\"s\":\"applied\""), box.reports.toString());
            box.hear("oxi-a", 20);
            for (String profile : List.of("oxi@", "oxi-more@")) {
                assertTrue(
                        box.records("oxi-a").stream()
                                .anyMatch(each -> each.contains(profile) && each.contains("\"loc\":\"rea2/b9\"")),
                        profile);
            }
            String alone = states.state(4)
                    .after(placed)
                    .devices(device(a, "").replace("rea1/b1", "rea2/b9"))
                    .sign();
            assertTrue(box.give(alone).contains("\"s\":\"applied\""), box.reports.toString());
            assertNull(box.devices.worker("oxi-a/oxi-more"));
            assertTrue(box.audit().contains("\"e\":\"device-unbound\",\"dev\":\"oxi-a/oxi-more\""));
            assertEquals(List.of(), box.removed, "the device itself is there");
            box.hear("oxi-a", 5);
            assertEquals(1, a.connections(), "the first line was never closed");
            assertEquals(1, c.connections());
            assertEquals(0, missing(box.records("oxi-a"), "oxi"));
            String gone = states.state(5).after(alone).devices("[]").sign();
            assertTrue(box.give(gone).contains("\"s\":\"applied\""), box.reports.toString());
            assertEquals(List.of("oxi-a removed"), box.removed);
            assertEquals(List.of(), box.devices.all());
        }
    }

    /** The lines change places, and the device gets another profile: nothing is left of the old ones. */
    @Test
    void aDeviceGoesWithAllItsLines() throws Exception {
        try (Talker a = new Talker(5);
                Talker b = new Talker(5);
                DeskBox box = new DeskBox(folder, states, device(a, port(b)))) {
            box.hear("oxi-a", 20);
            String swapped = states.state(1).devices(device(b, port(a))).sign();
            String report = box.give(swapped);
            assertTrue(report.contains("\"s\":\"applied\""), report);
            box.hear("oxi-a", 20);
            String gone = states.state(2).after(swapped).devices("[]").sign();
            assertTrue(box.give(gone).contains("\"s\":\"applied\""), box.reports.toString());
            assertEquals(List.of("oxi-a removed"), box.removed);
            assertEquals(List.of(), box.devices.all());
            String again =
                    states.state(3).after(gone).devices(device(a, port(b))).sign();
            assertTrue(box.give(again).contains("\"s\":\"applied\""), box.reports.toString());
            box.hear("oxi-a", 20);
            assertEquals(2, box.devices.all().size());
        }
    }
}
