package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices of one study must stay together under their new names, also after a start, and nobody else may make the names. */
class UidKeyTest {
    @TempDir
    Path dir;

    @Test
    void theSameNameComesAgainAfterAStartAndOtherwhereAnotherOne() throws IOException {
        String uid = UidKey.open(dir).uid("1.2.3");
        assertEquals(uid, UidKey.open(dir).uid("1.2.3"));
        assertNotEquals(uid, UidKey.open(dir).uid("1.2.4"));
        assertNotEquals(uid, new UidKey(new byte[32]).uid("1.2.3"));
        assertTrue(uid.matches("2\\.25\\.[1-9][0-9]{1,38}"), uid);
        assertTrue(UidKey.open(dir).patient("4711").matches("DEID-[0-9a-f]{16}"));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("deidentify.key"))));
    }

    /** With a new key the same patient would come twice, so a spoilt one is not replaced unseen. */
    @Test
    void aKeyThatIsNoneIsTold() throws IOException {
        Files.writeString(dir.resolve("deidentify.key"), "garbage");
        assertThrows(IOException.class, () -> UidKey.open(dir));
    }
}
