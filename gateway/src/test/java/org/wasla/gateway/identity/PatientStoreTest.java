package org.wasla.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.AdtEvent.Trigger;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.Association.How;
import org.wasla.gateway.patient.Association.Source;
import org.wasla.gateway.patient.Association.State;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;

/** Who was associated survives a crash; who is erased is gone; and no file tells a number to who has not the key. */
class PatientStoreTest {
    private static final PatientId ID = new PatientId("SECRET-4711", "CHU", "PI");
    private static final Demographics ABOUT = new Demographics("Secretname", "Given", "19700101", "F", "V1");

    @TempDir
    Path folder;

    private static Association association(String id, String ref) {
        return new Association(
                id, "oxi-1", ref, State.F, Source.SCANNER, How.SCANNED, "o:1", null, 10, Association.OPEN, 12);
    }

    private static Person person(String ref) {
        Person.Move move = new Person.Move(Trigger.A01, 5, "rea1/b07");
        return new Person(ref, List.of(ID), ABOUT, List.of(move), List.of("p:0000000000000000"));
    }

    private PatientStore open() throws IOException {
        return PatientStore.open(folder.resolve("patients"));
    }

    private String allBytes() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder.resolve("patients"))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void whatWasKeptIsThereAgain() throws IOException {
        String ref;
        Association ended = association("a-1", "p:1").ended(40, 41);
        try (PatientStore store = open()) {
            ref = store.key().patient(ID);
            store.keep(List.of(association("a-1", ref)), List.of(person(ref)), List.of());
            store.markTold();
            store.keep(List.of(ended), List.of(), List.of());
        }
        try (PatientStore store = open()) {
            assertEquals(ref, store.key().patient(ID));
            assertEquals(List.of(association("a-1", ref), ended), store.takeVersions());
            assertEquals(1, store.told());
            assertEquals(List.of(person(ref)), new ArrayList<>(store.persons()));
        }
        assertFalse(allBytes().contains("SECRET"));
        assertFalse(allBytes().contains("Secretname"));
    }

    @Test
    void aPseudonymIsSixteenHexAndDependsOnKeyAndAuthority() {
        SiteKey key = SiteKey.fresh(1);
        assertTrue(key.patient(ID).matches("p:[0-9a-f]{16}"));
        assertEquals(key.patient(ID), key.patient(new PatientId("SECRET-4711", "CHU", "MR")));
        assertNotEquals(key.patient(ID), key.patient(new PatientId("SECRET-4711", "LAB", "PI")));
        assertNotEquals(key.patient(ID), SiteKey.fresh(1).patient(ID));
    }

    /** RFC 4231, test case 2, gives the digest; the form around it is ours. */
    @Test
    void theDigestIsHmacSha256() throws IOException {
        String hex = "00".repeat(28) + "4a656665";
        Path file = Files.writeString(folder.resolve("key"), "wasla-site-key 3 " + hex + " " + "11".repeat(32) + "\n");
        SiteKey key = SiteKey.read(file, org.wasla.gateway.vault.Safe.NONE).orElseThrow();
        assertEquals(3, key.version());
        assertEquals("o:" + expected(hex, "staff\0n17"), key.staff("n17"));
    }

    private static String expected(String hexKey, String text) {
        try {
            javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
            mac.init(
                    new javax.crypto.spec.SecretKeySpec(java.util.HexFormat.of().parseHex(hexKey), "x"));
            return java.util.HexFormat.of()
                    .formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)))
                    .substring(0, 16);
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLockedTextOpensOnlyWholeAndInItsPlace() {
        SiteKey key = SiteKey.fresh(1);
        String locked = key.lock("clear", "p:1");
        assertEquals("clear", key.unlock(locked, "p:1").orElseThrow());
        assertTrue(key.unlock(locked, "p:2").isEmpty());
        assertTrue(SiteKey.fresh(1).unlock(locked, "p:1").isEmpty());
        for (int i = 0; i < locked.length(); i++) {
            char other = locked.charAt(i) == 'A' ? 'B' : 'A';
            String changed = locked.substring(0, i) + other + locked.substring(i + 1);
            assertTrue(key.unlock(changed, "p:1").isEmpty(), "character " + i);
            assertTrue(key.unlock(locked.substring(0, i), "p:1").isEmpty(), "cut at " + i);
        }
    }

    @Test
    void whoIsErasedIsGoneFromTheFilesAndTheAssociationsStay() throws IOException {
        String ref;
        try (PatientStore store = open()) {
            ref = store.key().patient(ID);
            store.keep(List.of(association("a-1", ref)), List.of(person(ref)), List.of());
            String before = allBytes();
            assertTrue(store.erase("p:0000000000000000"), "an earlier pseudonym is the same patient");
            assertFalse(store.erase(ref));
            assertTrue(before.contains("patients.log")
                    || before.length() > allBytes().length());
        }
        try (PatientStore store = open()) {
            assertEquals(0, store.persons().size());
            assertEquals(1, store.takeVersions().size());
        }
        assertEquals(0, Files.size(folder.resolve("patients/patients.log")));
    }

    @Test
    void anotherKeyGivesAnotherPseudonymAndKnowsTheOldOne() throws IOException {
        String old;
        try (PatientStore store = open()) {
            old = store.key().patient(ID);
            store.keep(List.of(association("a-1", old)), List.of(person(old)), List.of());
            store.rotate();
            assertEquals(2, store.key().version());
        }
        try (PatientStore store = open()) {
            String next = store.key().patient(ID);
            assertNotEquals(old, next);
            Person person = store.persons().iterator().next();
            assertEquals(next, person.ref());
            assertTrue(person.absorbed().contains(old));
            assertEquals(ABOUT, person.about());
            assertEquals(old, store.takeVersions().get(0).ref());
        }
        assertEquals(
                1, Files.readAllLines(folder.resolve("patients/patients.log")).size());
    }

    /** A power cut leaves the end of a file cut at any byte: all that was synced before is there, and nothing is made up. */
    @Test
    void aFileCutAtAnyByteKeepsWhatIsWhole() throws IOException {
        List<Association> kept = List.of(association("a-1", "p:1"), association("a-2", "p:2"));
        try (PatientStore store = open()) {
            for (Association each : kept) {
                store.keep(List.of(each), List.of(), List.of());
            }
        }
        Path file = folder.resolve("patients/associations.log");
        byte[] whole = Files.readAllBytes(file);
        int first = new String(whole, StandardCharsets.UTF_8).indexOf('\n');
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(file, java.util.Arrays.copyOf(whole, cut));
            Association next = association("a-9", "p:9");
            try (PatientStore store = open()) {
                int expected = cut >= whole.length - 1 ? 2 : cut >= first ? 1 : 0;
                assertEquals(kept.subList(0, expected), store.takeVersions(), "cut at " + cut);
                store.keep(List.of(next), List.of(), List.of());
            }
            try (PatientStore store = open()) {
                List<Association> after = store.takeVersions();
                assertEquals(next, after.get(after.size() - 1), "cut at " + cut);
            }
        }
    }

    @Test
    void aFlippedBitCostsItsLineOnly() throws IOException {
        try (PatientStore store = open()) {
            store.keep(List.of(association("a-1", "p:1"), association("a-2", "p:2")), List.of(), List.of());
        }
        Path file = folder.resolve("patients/associations.log");
        byte[] whole = Files.readAllBytes(file);
        int second = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
        for (int i = 0; i < second - 1; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 1;
            Files.write(file, flipped);
            try (PatientStore store = open()) {
                List<Association> left = store.takeVersions();
                assertEquals(List.of(association("a-2", "p:2")), left, "bit of byte " + i);
            }
        }
    }

    @Test
    void aDamagedKeyIsSetAsideAndNotTheEndOfAll() throws IOException {
        try (PatientStore store = open()) {
            store.keep(List.of(association("a-1", "p:1")), List.of(person("p:1")), List.of());
        }
        Files.writeString(folder.resolve("patients/site.key"), "x", StandardOpenOption.TRUNCATE_EXISTING);
        try (PatientStore store = open()) {
            assertEquals(1, store.takeVersions().size());
            assertEquals(0, store.persons().size());
        }
        try (Stream<Path> files = Files.list(folder.resolve("patients"))) {
            assertTrue(files.anyMatch(file -> file.getFileName().toString().startsWith("site.key.damaged-")));
        }
    }

    @Test
    void filesAreForOneUserAndTheFolderForOneProcess() throws IOException {
        try (PatientStore store = open()) {
            store.keep(List.of(association("a-1", "p:1")), List.of(person("p:1")), List.of());
            IOException refused = assertThrows(IOException.class, this::open);
            assertTrue(String.valueOf(refused.getMessage()).contains("in use"));
        }
        for (String name : List.of("site.key", "associations.log", "patients.log")) {
            assertEquals(
                    PosixFilePermissions.fromString("rw-------"),
                    Files.getPosixFilePermissions(folder.resolve("patients").resolve(name)));
        }
    }

    @Test
    void manyUpdatesDoNotFillTheDisk() throws IOException {
        try (PatientStore store = open()) {
            Collection<Person> one = List.of(person("p:1"));
            for (int i = 0; i < 200; i++) {
                store.keep(List.of(), List.of(bulky("p:1"), bulky("p:2")), List.of());
            }
            store.keep(List.of(), one, List.of());
            assertEquals(2, store.persons().size());
        }
        assertTrue(Files.size(folder.resolve("patients/patients.log")) < 4 << 20);
    }

    private static Person bulky(String ref) {
        List<Person.Move> moves = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            moves.add(new Person.Move(Trigger.A02, i, "rea1/b" + i));
        }
        return new Person(ref, List.of(ID), ABOUT, moves, List.of());
    }
}
