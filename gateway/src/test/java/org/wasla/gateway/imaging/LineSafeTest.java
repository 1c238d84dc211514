package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.vault.DataKey;
import org.wasla.gateway.vault.Safe;
import org.wasla.gateway.vault.WrongKeyException;

/** The logs of imaging on a box that is encrypted: no UID is readable, and what a power cut leaves is passed over as before. */
class LineSafeTest {
    private static final String UID = "1.2.840.99999.4711";

    @TempDir
    Path dir;

    private final DataKey key = DataKey.fresh();

    private Safe safe() {
        return key.safe("imaging");
    }

    private static Instance instance(int number) {
        return new Instance(number, 1, 10, 7, false, Objects.CT, UID + "." + number, "1.2", "CT1");
    }

    private String text(String name) throws IOException {
        return Files.readString(dir.resolve(name), StandardCharsets.ISO_8859_1);
    }

    @Test
    void theIndexTellsNothingAndIsFoundAgain() throws Exception {
        try (InstanceIndex plain = InstanceIndex.open(dir)) {
            plain.add(instance(1));
        }
        assertTrue(text("index.log").contains(UID), "the control: without a key it is readable");
        try (InstanceIndex index = InstanceIndex.open(dir, safe())) {
            index.add(instance(2));
            index.addClosed("1.2.study");
        }
        assertFalse(text("index.log").contains(UID + ".2"));
        Files.writeString(dir.resolve("index.log"), "L\twslk:half a li", StandardOpenOption.APPEND);
        try (InstanceIndex index = InstanceIndex.open(dir, safe())) {
            assertEquals(2, index.count());
            assertEquals(instance(2), index.find(UID + ".2").get(0));
            index.add(instance(3));
        }
        List<Instance> seen = new ArrayList<>();
        InstanceIndex.visit(dir, safe(), new InstanceIndex.Visitor() {
            @Override
            public void instance(Instance instance) {
                seen.add(instance);
            }

            @Override
            public void reading(InstanceIndex.Reading reading) {
                throw new AssertionError("none was added");
            }

            @Override
            public void closed(String study) {
                assertEquals("1.2.study", study);
            }
        });
        assertEquals(List.of(instance(1), instance(2), instance(3)), seen);
    }

    /** With another key every line would look torn, and the numbers of objects would be given again. */
    @Test
    void anotherKeyIsSaid() throws Exception {
        try (InstanceIndex index = InstanceIndex.open(dir, safe())) {
            index.add(instance(1));
        }
        assertThrows(
                WrongKeyException.class,
                () -> InstanceIndex.open(dir, DataKey.fresh().safe("imaging")));
        assertThrows(WrongKeyException.class, () -> InstanceIndex.open(dir));
    }

    @Test
    void smallLogsAndTheKeyOfDeidentificationAreLockedToo() throws Exception {
        Path file = dir.resolve("steps.log");
        try (LineFile log = LineFile.open(file, safe(), none -> {})) {
            log.append(List.of("S", UID));
            log.replace(List.of(List.of("S", UID), List.of("F", UID)));
        }
        assertFalse(text("steps.log").contains(UID));
        List<List<String>> lines = new ArrayList<>();
        LineFile.open(file, safe(), lines::add).close();
        assertEquals(List.of(List.of("S", UID), List.of("F", UID)), lines);
        String name = UidKey.open(dir, safe()).uid(UID);
        assertEquals(name, UidKey.open(dir, safe()).uid(UID));
        assertTrue(text("deidentify.key").startsWith("wslk:"));
    }
}
