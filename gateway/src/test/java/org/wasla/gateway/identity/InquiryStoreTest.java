package org.wasla.gateway.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.Inquiry;
import org.wasla.gateway.patient.Inquiry.Answer;
import org.wasla.gateway.patient.Inquiry.Said;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;

/** What a registry said is there after a crash, and gone when the patient is erased. */
class InquiryStoreTest {
    private static final String REF = "p:9f2c41d07ab35e18";
    private static final String REG = "n:4be1a7d0c3f29e58";

    @TempDir
    Path folder;

    private PatientStore open() throws IOException {
        return PatientStore.open(folder.resolve("patients"));
    }

    private Path file() {
        return folder.resolve("patients/registry.log");
    }

    private static Inquiry answered() {
        Inquiry asked = Inquiry.of(REF).askedTimes(3);
        return asked.answered(new Answer(asked.request(), 2, Said.KNOWN, REG, false));
    }

    @Test
    void theNewestOfEachIsThereAgain() throws IOException {
        try (PatientStore store = open()) {
            store.inquiries().keep(List.of(Inquiry.of(REF).askedTimes(1)));
            store.inquiries()
                    .keep(List.of(answered(), Inquiry.of("p:0000000000000001").askedTimes(1)));
        }
        try (PatientStore store = open()) {
            assertEquals(Optional.of(answered()), store.inquiries().get(REF));
            assertEquals(2, store.inquiries().all().size());
            store.inquiries().keep(List.of(answered().toldAll()));
        }
        try (PatientStore store = open()) {
            assertFalse(store.inquiries().get(REF).orElseThrow().isUntold());
        }
    }

    @Test
    void aLineThatAPowerCutLeftIsPassedOver() throws IOException {
        try (PatientStore store = open()) {
            store.inquiries().keep(List.of(answered()));
        }
        byte[] whole = Files.readAllBytes(file());
        for (int cut = whole.length - 1; cut > 0; cut -= 6) {
            Files.write(file(), java.util.Arrays.copyOf(whole, cut));
            try (PatientStore store = open()) {
                boolean isWhole = cut == whole.length - 1;
                assertEquals(isWhole ? 1 : 0, store.inquiries().all().size(), "cut at " + cut);
            }
        }
        Files.write(file(), whole);
        Files.writeString(file(), "12345678 p:1\tmany\t1\tNEVER\n", StandardOpenOption.APPEND);
        try (PatientStore store = open()) {
            assertEquals(List.of(answered()), store.inquiries().all());
        }
    }

    // Who is erased must not be found again by what the registry calls him.
    @Test
    void whoIsErasedHasNoReference() throws IOException {
        try (PatientStore store = open()) {
            PatientId id = PatientId.of("4711", "CHU", "PI").orElseThrow();
            Person person = new Person(REF, List.of(id), Demographics.NONE, List.of(), List.of("p:0000000000000001"));
            store.keep(List.of(), List.of(person), List.of());
            store.inquiries()
                    .keep(List.of(
                            answered(),
                            Inquiry.of("p:0000000000000001").askedTimes(1),
                            Inquiry.of("p:0000000000000002").askedTimes(1)));
            assertTrue(store.erase(REF));
            assertEquals(1, store.inquiries().all().size());
            String left = Files.readString(file());
            assertFalse(left.contains(REG) || left.contains(REF), left);
        }
    }
}
