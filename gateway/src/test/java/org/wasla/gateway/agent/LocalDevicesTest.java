package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.page.Box.NewDevice;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;

/** What was added at the box is read again at its next start exactly as it was signed, and not at all otherwise. */
class LocalDevicesTest {
    @TempDir
    Path buffer;

    private LocalDevices local;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(Auditor.keyFile(buffer).getParent());
        local = new LocalDevices(buffer);
    }

    private Path file() {
        return buffer.resolve("local/devices.yaml");
    }

    private void add(String id, String location, String link) throws IOException {
        local.write(local.with(new NewDevice(id, location, "masimo-ascii1", link)), "gw-test");
    }

    private static String key(Entry device, String key) {
        Section section = device.section();
        return section.text(key, "");
    }

    @Test
    void devicesAreReadAsTheyWereAdded() throws IOException {
        Problems problems = new Problems();
        assertEquals(List.of(), local.read(problems));
        add("oxi-1", "réa 1/b07", "serial:/dev/ttyUSB0");
        add("oxi-2", "", "{serial: /dev/ttyUSB1, baud: 19200, data: 8, parity: none, stop: 1}");
        List<Entry> read = local.read(problems);
        assertTrue(problems.isEmpty(), problems.list().toString());
        assertEquals(2, read.size());
        assertEquals("oxi-1", key(read.get(0), "id"));
        assertEquals("réa 1/b07", key(read.get(0), "location"));
        assertEquals("serial:/dev/ttyUSB0", key(read.get(0), "link"));
        Section line = read.get(1).section().section("link");
        assertEquals("/dev/ttyUSB1", line.text("serial", ""));
        assertEquals(19_200, line.whole("baud", 300, 115_200, 9_600));
    }

    /** Whoever types a name for a bed writes no keys of the configuration. */
    @Test
    void whatIsTypedIsTextAndNothingElse() throws IOException {
        String nasty = "x\", \"link\": \"tcp:evil:1\"}\n  - {id: other";
        add("oxi-1", nasty, "serial:/dev/ttyUSB0");
        List<Entry> read = local.read(new Problems());
        assertEquals(1, read.size());
        assertEquals(nasty, key(read.get(0), "location"));
        assertEquals("serial:/dev/ttyUSB0", key(read.get(0), "link"));
    }

    @Test
    void aHandThatChangedItShows() throws IOException {
        add("oxi-1", "rea1/b07", "serial:/dev/ttyUSB0");
        String signed = Files.readString(file());
        for (String changed : List.of(
                signed.replace("b07", "b08"),
                signed.replaceFirst("# signed: .*", ""),
                signed + "  - {id: oxi-2}\n",
                signed.replace("rea1", "rea1\\n"),
                "")) {
            Files.writeString(file(), changed);
            Problems problems = new Problems();
            assertEquals(List.of(), local.read(problems), changed);
            assertEquals(1, problems.list().size());
            assertTrue(problems.list().get(0).toString().contains("its signature does not fit"));
        }
        Files.writeString(file(), signed);
        assertEquals(1, local.read(new Problems()).size());
        // Another box's file: its key is another.
        Files.delete(Auditor.keyFile(buffer));
        assertEquals(List.of(), local.read(new Problems()));
    }
}
