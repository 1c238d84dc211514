package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.hospital.HospitalSettings.Keys;
import org.wasla.gateway.hospital.HospitalSettings.Receiver;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;

/** Who in the hospital is told what: a mistake would send a patient's values to where they are not meant to go. */
class HospitalReaderTest {
    private final Problems problems = new Problems();

    @TempDir
    Path dir;

    private List<Receiver> read(String yaml) {
        Section root = Section.parse("wasla.yaml", yaml, problems);
        List<Receiver> receivers = HospitalReader.read(root);
        root.end();
        return receivers;
    }

    @Test
    void nobodyIsToldUnlessAsked() {
        assertEquals(List.of(), read("{}"));
        assertEquals(List.of(), problems.list());
    }

    @Test
    void anAddressAloneIsEnoughOnThisMachine() {
        Receiver receiver = read("hospital: [{mllp: \"127.0.0.1:2575\"}]").get(0);
        assertEquals(List.of(), problems.list());
        assertEquals(
                new Receiver("127-0-0-1-2575", "127.0.0.1", 2575, true, true, 60_000, "", "", null, 10_000), receiver);
        assertEquals("::1", read("hospital: {mllp: \"[::1]:2575\"}").get(0).host());
    }

    @Test
    void aReceiverIsReadWithAllThatItMaySay() throws IOException {
        Path ca = Files.writeString(dir.resolve("ca.pem"), "x");
        Receiver receiver =
                read("hospital:\n  - {name: his, mllp: \"his.example:2575\", send: [alarms], every: 0s, answer: 30s,"
                                + " application: HIS, facility: CHU, tls: {ca: " + ca + "}}\n")
                        .get(0);
        assertEquals(List.of(), problems.list());
        assertTrue(receiver.takesAlarms());
        assertFalse(receiver.takesObservations());
        assertEquals(0, receiver.everyMs());
        Keys tls = receiver.tls();
        assertNotNull(tls);
        assertEquals(ca, tls.ca());
        assertTrue(
                read("hospital: [{mllp: \"his.example:2575\", insecure: true}]").size() == 1);
        assertEquals(List.of(), problems.list());
    }

    @Test
    void allMistakesAreToldAtOnce() {
        read("hospital:\n  - {mllp: \"his.example:2575\", send: [waves]}\n  - {mllp: his, every: 100ms}\n"
                + "  - {mllp: \"127.0.0.1:99999\", answer: 1h, name: HIS}\n  - {tls: {ca: /none}}\n"
                + "  - {mllp: \"127.0.0.1:1\", name: a, evry: 1s}\n  - {mllp: \"127.0.0.1:2\", name: a}\n");
        String told = problems.list().toString();
        for (String part : List.of(
                "without TLS",
                "'waves'",
                "'his'",
                "every",
                "99999",
                "answer",
                "'HIS'",
                "mllp",
                "no file",
                "evry",
                "'a'")) {
            assertTrue(told.contains(part), part + " in " + told);
        }
    }
}
