package org.wasla.gateway.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data key is there twice, opens with its own secret only, and is never made anew where something is encrypted. */
class KeyFileTest {
    @TempDir
    Path dir;

    private Path buffer = Path.of("unset");
    private Path secret = Path.of("unset");

    @BeforeEach
    void makeSecret() throws IOException {
        buffer = dir.resolve("buffer");
        secret = dir.resolve("secret");
        Files.writeString(secret, "0123456789abcdef0123456789abcdef");
    }

    private KeySource file() {
        return KeySource.of("file:" + secret).orElseThrow();
    }

    private String id() throws IOException {
        DataKey key = KeyFile.open(buffer, file());
        assertNotNull(key);
        return key.id();
    }

    @Test
    void isMadeOnceAndForItsOwnerOnly() throws Exception {
        String first = id();
        assertEquals(first, id());
        for (String name : new String[] {KeyFile.NAME, KeyFile.COPY}) {
            assertEquals(
                    "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(buffer.resolve(name))));
        }
        assertNull(KeyFile.open(buffer, KeySource.NONE));
    }

    @Test
    void whicheverOfTheTwoIsDamagedIsMadeAnewFromTheOther() throws Exception {
        String first = id();
        for (String name : new String[] {KeyFile.NAME, KeyFile.COPY}) {
            Path file = buffer.resolve(name);
            String good = Files.readString(file);
            Files.writeString(file, good.replace('a', 'b').replace('0', '1'));
            assertEquals(first, id());
            assertEquals(good, Files.readString(file));
            Files.delete(file);
            assertEquals(first, id());
            assertEquals(good, Files.readString(file));
        }
    }

    @Test
    void anotherSecretChangesNothingAndIsSaid() throws Exception {
        id();
        String before = Files.readString(buffer.resolve(KeyFile.NAME));
        Files.writeString(secret, "another secret of another board.");
        IOException wrong = assertThrows(WrongKeyException.class, this::id);
        assertTrue(String.valueOf(wrong.getMessage()).contains("does not open this buffer"), wrong.getMessage());
        assertEquals(before, Files.readString(buffer.resolve(KeyFile.NAME)));
        Files.delete(secret);
        assertThrows(IOException.class, this::id);
    }

    /** A new key in the place of a lost one would make of all that is encrypted something that looks damaged. */
    @Test
    void aLostKeyIsNotReplaced() throws Exception {
        String first = id();
        KeyFile.mark(buffer, first);
        Files.delete(buffer.resolve(KeyFile.NAME));
        Files.delete(buffer.resolve(KeyFile.COPY));
        IOException lost = assertThrows(IOException.class, this::id);
        assertTrue(
                String.valueOf(lost.getMessage()).contains("lost")
                        && String.valueOf(lost.getMessage()).contains(first),
                lost.getMessage());
        assertFalse(Files.exists(buffer.resolve(KeyFile.NAME)));
    }

    @Test
    void twoDamagedFilesAreNotReplaced() throws Exception {
        id();
        Files.writeString(buffer.resolve(KeyFile.NAME), "no key\n");
        Files.writeString(buffer.resolve(KeyFile.COPY), "");
        assertThrows(IOException.class, this::id);
        assertEquals("no key\n", Files.readString(buffer.resolve(KeyFile.NAME)));
    }

    @Test
    void aCredentialIsReadWhereSystemdPutsIt() throws Exception {
        Files.createDirectories(buffer);
        KeySource source = KeySource.of("credential:secret").orElseThrow();
        Map<String, String> passed = Map.of("CREDENTIALS_DIRECTORY", dir.toString());
        DataKey key = new KeyFile(buffer, source, passed).open();
        DataKey again = new KeyFile(buffer, source, passed).find();
        assertNotNull(again);
        assertEquals(key.id(), again.id());
        IOException none = assertThrows(IOException.class, () -> new KeyFile(buffer, source, Map.of()).find());
        assertTrue(String.valueOf(none.getMessage()).contains("LoadCredentialEncrypted"), none.getMessage());
    }

    /** The board's one-time memory, by a program that prints as the real one does. */
    @Test
    void theBoardsOwnKeyIsReadAsItsProgramPrintsIt() throws Exception {
        Path program = dir.resolve("otp");
        KeySource source = KeySource.of("otp:" + program).orElseThrow();
        print(program, "1f2e3d4c".repeat(8));
        DataKey key = KeyFile.open(buffer, source);
        assertNotNull(key);
        print(program, "00000000".repeat(8));
        IOException empty = assertThrows(IOException.class, () -> KeyFile.open(buffer, source));
        assertTrue(String.valueOf(empty.getMessage()).contains("holds no key yet"), empty.getMessage());
        print(program, "1f2e3d4d".repeat(8));
        assertThrows(WrongKeyException.class, () -> KeyFile.open(buffer, source));
        print(program, "vcio: no such device");
        assertThrows(IOException.class, () -> KeyFile.open(buffer, source));
    }

    private static void print(Path program, String line) throws IOException {
        Files.write(program, ("#!/bin/sh\necho '" + line + "'\n").getBytes(StandardCharsets.US_ASCII));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void onlyPlacesThatAreMeantAreTaken() {
        for (String wrong :
                new String[] {"credential:", "credential:../x", "file:relative", "otp:relative", "tpm", ":"}) {
            assertTrue(KeySource.of(wrong).isEmpty(), wrong);
        }
        for (String right : new String[] {"", "credential:wasla", "otp", "file:/etc/wasla/secret", "otp:/usr/bin/x"}) {
            assertEquals(right, KeySource.of(right).orElseThrow().text());
        }
    }
}
