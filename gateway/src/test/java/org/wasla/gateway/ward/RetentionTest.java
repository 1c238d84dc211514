package org.wasla.gateway.ward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.patient.Beds;
import org.wasla.gateway.patient.PatientId;

/** Law 09-08, article 3: names are kept no longer than they are needed. The time is the test's. */
class RetentionTest {
    private static final long DAY_MS = 86_400_000;
    private static final long KEEP_MS = 30 * DAY_MS;
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final DateTimeFormatter HL7 = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    @TempDir
    Path folder;

    private final long nowMs = System.currentTimeMillis();
    private Outbox outbox;
    private Ward ward;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
        ward = ward(KEEP_MS);
    }

    private Ward ward(long keepMs) throws IOException {
        List<WardSettings.Device> devices =
                List.of(new WardSettings.Device("oxi", "oxi", "rea1/b07", List.of(), false));
        WardSettings settings =
                new WardSettings("gw-1", UTC, devices, new Beds(Map.of()), false, 0, "CHU", null, null, keepMs);
        PatientStore store = PatientStore.open(folder.resolve("patients"));
        return new Ward(settings, store, outbox, () -> new Clock("sync", null), (device, json) -> {});
    }

    @AfterEach
    void close() throws IOException {
        ward.close();
        outbox.close();
    }

    private void adt(String event, String number, long atMs, String bed) throws IOException {
        String time = HL7.format(Instant.ofEpochMilli(atMs).atZone(UTC));
        String text = "MSH|^~\\&|HIS|CHU|W|CHU|" + time + "||ADT^" + event + "|m1|P|2.5\rEVN||" + time + "||||" + time
                + "\rPID|||" + number + "^^^CHU^PI||Family" + number + "^Given\rPV1||I|" + bed + "\r";
        String answer = new Hl7Desk(ward)
                .answer(Bytes.of(text.getBytes(StandardCharsets.US_ASCII)))
                .orElseThrow()
                .latin1();
        assertTrue(answer.contains("MSA|AA"), answer);
    }

    private boolean isKnown(String number) {
        return ward.person(new PatientId(number, "CHU", "")).isPresent();
    }

    @Test
    void whoLeftLongAgoIsForgottenAndWhoIsThereStays() throws Exception {
        adt("A01", "1", nowMs - 50 * DAY_MS, "rea1^^b01");
        adt("A03", "1", nowMs - 31 * DAY_MS, "");
        adt("A01", "2", nowMs - 50 * DAY_MS, "rea1^^b02");
        adt("A01", "3", nowMs - 50 * DAY_MS, "rea1^^b03");
        adt("A03", "3", nowMs - 29 * DAY_MS, "");
        String ref = ward.ref(new PatientId("1", "CHU", ""));
        assertEquals(1, ward.forget(nowMs));
        assertFalse(isKnown("1"), "31 days");
        assertTrue(isKnown("2"), "is in a bed, for however long");
        assertTrue(isKnown("3"), "29 days");
        assertEquals(0, ward.forget(nowMs), "once");
        ward.close();
        assertEquals(
                2, Files.readAllLines(folder.resolve("patients/patients.log")).size(), "gone from the file");
        ward = ward(KEEP_MS);
        assertFalse(isKnown("1"));
        assertTrue(isKnown("3"));
        assertEquals(1, ward.forget(nowMs + 2 * DAY_MS));
        // Who comes back is the same to the region as ever: the pseudonym depends on the number alone.
        adt("A01", "1", nowMs, "rea1^^b01");
        assertEquals(ref, ward.ref(new PatientId("1", "CHU", "")));
    }

    /** A number from a wristband brings no event: what a device said last counts. */
    @Test
    void whoIsOnADeviceStaysAndTheTimeCountsFromItsEnd() throws Exception {
        assertTrue(ward.scanned("oxi", new PatientId("7", "CHU", ""), null, nowMs));
        assertEquals(0, ward.forget(nowMs + 400 * DAY_MS), "still on it");
        ward.ended("oxi", nowMs + 2_000);
        assertEquals(0, ward.forget(nowMs + KEEP_MS));
        assertEquals(1, ward.forget(nowMs + KEEP_MS + DAY_MS));
        assertFalse(isKnown("7"));
        String stays = Files.readString(folder.resolve("patients/associations.log"));
        assertTrue(stays.contains("oxi"), "the association stays, nobody's");
    }

    @Test
    void withoutALimitNobodyIsForgotten() throws Exception {
        adt("A01", "1", nowMs - 50 * DAY_MS, "rea1^^b01");
        adt("A03", "1", nowMs - 40 * DAY_MS, "");
        ward.close();
        ward = ward(0);
        assertEquals(0, ward.forget(nowMs + 4_000 * DAY_MS));
        assertTrue(isKnown("1"));
    }
}
