package org.wasla.gateway.ward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.patient.Beds;

/** The hospital's messages at the desk, with a real buffer behind it. */
class Hl7DeskTest {
    private static final Path CAPTURES = Path.of("../../shared/captures/lab");
    private static final ZoneId UTC = ZoneId.of("UTC");

    @TempDir
    Path folder;

    private final Map<String, String> board = new ConcurrentHashMap<>();
    private Outbox outbox;
    private Ward ward;
    private Hl7Desk desk;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
        ward = ward(false);
        desk = new Hl7Desk(ward);
    }

    private Ward ward(boolean bedsAttribute) throws IOException {
        WardSettings settings = new WardSettings(
                "gw-1",
                UTC,
                List.of(
                        new WardSettings.Device("oxi", "oxi", "rea1/b07", List.of("MON5588"), false),
                        new WardSettings.Device("vent", "vent", "rea1/b08", List.of(), false)),
                new Beds(Map.of("6402DH", "rea1/b07")),
                bedsAttribute,
                0,
                "CHU",
                null);
        Ward opened = new Ward(
                settings,
                PatientStore.open(folder.resolve("patients")),
                outbox,
                () -> new Clock("sync", null),
                board::put);
        opened.start();
        return opened;
    }

    @AfterEach
    void close() throws IOException {
        ward.close();
        outbox.close();
    }

    private String say(String message) {
        return desk.answer(Bytes.of(message.replace('\n', '\r').getBytes(StandardCharsets.UTF_8)))
                .map(answer -> new String(answer.toArray(), StandardCharsets.UTF_8).replace('\r', '\n'))
                .orElse("");
    }

    private static String adt(String trigger, String time, String patient, String bed, String more) {
        return "MSH|^~\\&|HIS|CHU|WASLA|CHU|20260616120000||ADT^" + trigger + "|c1|P|2.5\nEVN||" + time + "\nPID|||"
                + patient + "||Family^Given||19700101|F\nPV1||I|REA1^^" + bed + "^CHU\n" + more;
    }

    /** A buffer in memory confirms nothing: the hospital's engine keeps the message and says it again. */
    @Test
    void whatWouldLieInMemoryIsRefused() throws IOException {
        close();
        outbox = Outbox.open(new OutboxSettings(folder.resolve("memory"), 8L << 20, 0, null, false), Gaps::event);
        ward = ward(true);
        desk = new Hl7Desk(ward);
        String answer = say(adt("A01", "20260616080000", "Q4711883^^^CHU^PI", "B07", ""));
        assertTrue(answer.contains("MSA|AE|c1"), answer);
        assertNull(refAt("oxi", System.currentTimeMillis()));
    }

    private List<String> events() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Entry entry : outbox.next(Urgency.RESULT, 0, 1_000)) {
            texts.add(new String(entry.payload(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private @Nullable String refAt(String device, long timeMs) {
        Patient patient = ward.patient(device, timeMs);
        return patient == null ? null : patient.ref();
    }

    private static long ms(String time) {
        return Hl7Time.ms(time, UTC).orElseThrow();
    }

    @Test
    void anAdmissionIsKeptAnsweredAndToldAndAttributesNothing() throws IOException {
        String answer = say(adt("A01", "20260616080000", "4711^^^CHU^PI", "B07", ""));
        assertTrue(answer.contains("\nMSA|AA|c1\n"), answer);
        assertTrue(answer.startsWith("\u000bMSH|^~\\&|WASLA|CHU|HIS|CHU|"), answer);
        assertTrue(answer.endsWith("\n\u001c\n"), answer);
        List<String> events = events();
        assertEquals(1, events.size());
        assertTrue(events.get(0).contains("\"e\":\"association\""), events.get(0));
        assertTrue(events.get(0).contains("\"st\":\"R\""), events.get(0));
        assertTrue(events.get(0).contains("\"from\":" + ms("20260616080000")), events.get(0));
        assertNull(ward.patient("oxi", ms("20260616090000")));
        assertTrue(String.valueOf(board.get("oxi")).contains("\"s\":\"asserted\""));
        assertTrue(String.valueOf(board.get("vent")).contains("\"s\":\"none\""));
    }

    @Test
    void whereTheSiteSaysSoABedAttributesAndIsTagged() throws IOException {
        ward.close();
        ward = ward(true);
        desk = new Hl7Desk(ward);
        say(adt("A01", "20260616080000", "4711^^^CHU^PI", "B07", ""));
        Patient patient = ward.patient("oxi", ms("20260616090000"));
        assertNotNull(patient);
        assertEquals("adt-location R", patient.how() + " " + patient.state());
        say(adt("A01", "20260616100000", "4712^^^CHU^PI", "B07", ""));
        assertNull(ward.patient("oxi", ms("20260616110000")));
        assertTrue(String.valueOf(board.get("oxi")).contains("\"s\":\"conflict\""));
        assertTrue(events().stream().anyMatch(event -> event.contains("\"e\":\"association-conflict\"")));
    }

    private void record(String kind, long timeMs) throws IOException {
        RecordBody body = new RecordBody.Event("x", Map.of());
        assertEquals(1, Mapped.of(body).bodies().size());
        outbox.append(
                List.of(new Draft("oxi", kind, Urgency.OBSERVATION, timeMs, (epoch, seq) -> new byte[] {'{', '}'})));
    }

    /** IHE PCIM, example 1: entered at 12:30, in force since 12:00. */
    @Test
    void aLateAssociationNamesTheNumbersThatItChanges() throws IOException {
        for (int i = 0; i < 100; i++) {
            record("obs", ms("20160726110000") + i * 60_000L);
        }
        record("wav", ms("20160726110000"));
        String answer = say(capture("pcim_ihe/ex1_validated_association.hl7"));
        assertTrue(answer.contains("MSA|CA|12d15a9"), answer);
        assertNotNull(refAt("oxi", ms("20160726120000")));
        assertNull(refAt("oxi", ms("20160726115959")));
        String corrected = events().stream()
                .filter(event -> event.contains("association-corrected"))
                .findFirst()
                .orElseThrow();
        assertTrue(corrected.contains("\"from\":" + ms("20160726120000")), corrected);
        assertTrue(corrected.contains("\"nums\":[{\"of\":\"oxi.obs\",\"from\":61,\"to\":100}]"), corrected);
        assertTrue(corrected.contains("\"ref\":\"" + refAt("oxi", ms("20160726120000"))), corrected);
        assertFalse(corrected.contains("AB60001"));
    }

    private static String capture(String name) throws IOException {
        Path file = CAPTURES.resolve(name);
        Assumptions.assumeTrue(Files.exists(file), "no ../shared: captures are not here");
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static final String PCIM = "MSH|^~\\&|NURSE||MGR||20260616123000||ORU^R01^ORU_R01|n1|P|2.6|||%s|NE\n"
            + "PID|||4711^^^CHU^PI\nOBR|1||%s|69136^MDC_OBS_ASSOCIATION_PATIENT_DEVICE^MDC|||20260616120000\n"
            + "OBX|1|CWE|68487^MDC_ATTR_EVT_COND^MDC||%s||||||%s\nPRT|1|UC||EQUIP|||||b|%s|20260616120000\n";

    private static String pcim(String mode, String id, String condition, String state, String device) {
        return String.format(PCIM, mode, id, condition, state, device);
    }

    @Test
    void pcimStatesByObx11() {
        long at = ms("20260616121000");
        assertTrue(say(pcim("AL", "7", "198332", "R", "mon5588")).contains("MSA|CA|n1"));
        assertNull(refAt("oxi", at));
        assertTrue(say(pcim("", "7", "198332", "F", "X^MON5588")).contains("MSA|AA|n1"));
        String ref = refAt("oxi", at);
        assertNotNull(ref);
        say(pcim("", "7", "198332", "W", "oxi"));
        assertNull(refAt("oxi", at));
        say(pcim("", "8", "198332", "F", "oxi"));
        assertEquals(ref, refAt("oxi", at));
        say(pcim("", "9", "198334", "F", "oxi").replace("|20260616120000\n", "|20260616123000\n"));
        assertEquals(ref, refAt("oxi", at));
        assertNull(refAt("oxi", ms("20260616124000")));
    }

    @ParameterizedTest
    @CsvSource({
        "AL, 7, 198332, F, unknown-device, CE",
        "'', 7, 198332, F, unknown-device, AE",
        "'', 7, 198332, X, oxi, AE",
        "'', 7, 198333, F, oxi, AE",
        "'', '', 198332, F, oxi, AE",
        "'', 7, 198334, F, oxi, AE",
        "'', 7, 198332, D, oxi, AE"
    })
    void whatCannotBeUsedIsRefused(String mode, String id, String condition, String state, String device, String code)
            throws IOException {
        String answer = say(pcim(mode, id, condition, state, device));
        assertTrue(answer.contains("MSA|" + code + "|n1"), answer);
        assertTrue(answer.contains("ERR|"), answer);
        assertFalse(answer.contains("4711"), answer);
        assertEquals(0, events().size());
    }

    @Test
    void realMessagesOfOtherHouses() throws IOException {
        assertTrue(say(capture("adt/A01.hl7")).contains("MSA|AA|371601"));
        assertTrue(say(capture("adt/A01_with_BR.hl7")).contains("MSA|AA|371601"));
        assertTrue(say(capture("adt/A08.hl7")).contains("MSA|AA|387352"));
        assertTrue(say(capture("adt/A40.hl7")).contains("MSA|AA|00000000000396814"));
        assertTrue(events().stream().anyMatch(event -> event.contains("patient-merged")));
        assertTrue(say(capture("adt/adt_a03.txt")).contains("MSA|AA|263206"));
        assertTrue(say(capture("adt/iti8-a01-incomplete.hl7")).contains("MSA|CE|123456"));
    }

    @Test
    void otherEventsAreTakenAndLeftOthersMessagesRefused() throws IOException {
        assertTrue(say(adt("A28", "20260616080000", "4711", "B07", "")).contains("MSA|AA|c1"));
        assertTrue(
                say("MSH|^~\\&|A|B|C|D|20260616||ORU^R01|c2|P|2.5\nPID|||1\n").contains("MSA|AR|c2"));
        assertEquals("", say("nothing"));
        assertEquals(0, events().size());
    }

    @Test
    void aSwapIsTwoEventsAndAMergeKeepsWhatWasScanned() throws IOException {
        say(adt("A01", "20260616080000", "1^^^CHU^PI", "B07", ""));
        say(adt("A01", "20260616080000", "2^^^CHU^PI", "B08", ""));
        say(adt("A17", "20260616090000", "1^^^CHU^PI", "B08", "PID|||2^^^CHU^PI\nPV1||I|REA1^^B07^CHU\n"));
        assertTrue(String.valueOf(board.get("oxi")).contains(ward.key().patient(id("2"))));
        assertTrue(String.valueOf(board.get("vent")).contains(ward.key().patient(id("1"))));
        assertTrue(ward.scanned("oxi", id("2"), "n17", System.currentTimeMillis()));
        say(adt("A40", "20260616100000", "3^^^CHU^PI", "", "MRG|2^^^CHU^PI\n"));
        assertEquals(ward.key().patient(id("3")), refAt("oxi", System.currentTimeMillis()));
    }

    private static org.wasla.gateway.patient.PatientId id(String number) {
        return new org.wasla.gateway.patient.PatientId(number, "CHU", "PI");
    }

    @Test
    void aMonitorThatAsksIsAnswered() {
        say(adt("A01", "20260616080000", "4711^^^CHU^PI", "B07", ""));
        String old = say("MSH|^~\\&|MON||WASLA||20260616||QRY^A19|q1|P|2.5\nQRD|20260616|R|I|77|||1^RD|4711|DEM\n");
        assertTrue(old.contains("ADR^A19^ADR_A19"), old);
        assertTrue(old.contains("\nMSA|AA|q1\nQAK|77|OK\nQRD|20260616|R|I|77|||1^RD|4711|DEM\n"), old);
        assertTrue(old.contains("\nPID|1||4711^^^CHU^PI||Family^Given||19700101|F\nPV1|1|I|rea1^^b07|"), old);
        String query =
                "MSH|^~\\&|MON||WASLA||20260616||QBP^Q22|q2|P|2.5\nQPD|IHE PDQ Query|tag|@PID.3.1^%s~@PID.3.4.1^CHU\nRCP|I\n";
        String found = say(String.format(query, "4711"));
        assertTrue(found.contains("RSP^K22^RSP_K21"), found);
        assertTrue(found.contains("\nQAK|tag|OK\nQPD|IHE PDQ Query|tag|"), found);
        assertTrue(found.contains("\nPID|1||4711^^^CHU^PI||Family^Given"), found);
        String unknown = say(String.format(query, "4799"));
        assertTrue(unknown.contains("QAK|tag|NF"), unknown);
        assertFalse(unknown.contains("PID|1"), unknown);
        assertTrue(say("MSH|^~\\&|MON||W||20260616||QRY^A19|q3|P|2.5\nQRD|20260616|R|I|77|||1^RD||DEM\n")
                .contains("MSA|AE|q3"));
    }

    /** A crash between disk and outbox: what was kept is told after the restart, and nothing twice after a good stop. */
    @Test
    void whatIsKeptIsThereAndToldAfterARestart() throws IOException {
        say(adt("A01", "20260616080000", "4711^^^CHU^PI", "B07", ""));
        assertTrue(ward.scanned("oxi", id("4711"), null, ms("20260616090000")));
        String ref = refAt("oxi", ms("20260616100000"));
        int before = events().size();
        ward.close();
        ward = ward(false);
        desk = new Hl7Desk(ward);
        assertEquals(ref, refAt("oxi", ms("20260616100000")));
        assertEquals(before, events().size());
        say(adt("A03", "20260616110000", "4711^^^CHU^PI", "B07", ""));
        assertNull(refAt("oxi", ms("20260616110000")));
        assertEquals(ref, refAt("oxi", ms("20260616100000")));
    }

    @Test
    void aNewKeyGoesOnUnderANewPseudonym() throws IOException {
        ward.scanned("oxi", id("4711"), null, ms("20260616090000"));
        String old = refAt("oxi", System.currentTimeMillis());
        ward.close();
        try (PatientStore store = PatientStore.open(folder.resolve("patients"))) {
            store.rotate();
        }
        ward = ward(false);
        assertEquals(old, refAt("oxi", ms("20260616100000")));
        String next = refAt("oxi", System.currentTimeMillis() + 1);
        assertNotNull(next);
        assertFalse(next.equals(old));
    }

    @Test
    void whatCannotBeKeptIsNotAcknowledgedAndChangesNothing() throws IOException {
        ward.close();
        String answer = say(adt("A01", "20260616080000", "4711^^^CHU^PI", "B07", ""));
        assertTrue(answer.contains("MSA|AE|c1"), answer);
        assertFalse(answer.contains("4711"), answer);
        assertTrue(say(pcim("AL", "7", "198332", "F", "oxi")).contains("MSA|CE|n1"));
        assertNull(refAt("oxi", ms("20260616121000")));
        assertEquals(0, events().size());
    }

    @Test
    void aTypedNumberIsVouchedForByTheHospitalOnly() throws IOException {
        long at = ms("20260616090000");
        ward.typed("oxi", id("4711"), at);
        assertNull(refAt("oxi", at));
        say(adt("A01", "20260616080000", "4711^^^CHU^PI", "B07", ""));
        ward.typed("oxi", id("4711"), at + 1_000);
        Patient patient = ward.patient("oxi", at + 2_000);
        assertNotNull(patient);
        assertEquals("typed F", patient.how() + " " + patient.state());
        ward.typed("oxi", null, at + 5_000);
        assertNull(refAt("oxi", at + 5_000));
    }

    /** Every message cut at every byte, and bytes changed at random: nothing is thrown, and a refusal changes nothing. */
    @Test
    void damagedMessagesAreRefusedOrLeft() {
        String whole = adt("A01", "20260616080000", "4711^^^CHU^PI", "B07", "");
        for (int cut = 0; cut < whole.length(); cut++) {
            say(whole.substring(0, cut));
        }
        Random random = new Random(11);
        String report = pcim("AL", "7", "198332", "F", "oxi");
        for (int round = 0; round < 1_000; round++) {
            StringBuilder changed = new StringBuilder(round % 2 == 0 ? whole : report);
            for (int i = random.nextInt(6); i >= 0; i--) {
                changed.setCharAt(random.nextInt(changed.length()), (char) (1 + random.nextInt(126)));
            }
            say(changed.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "20260616080000,       1781596800000",
        "20260616080000+0100,  1781593200000",
        "202606160800,         1781596800000",
        "20260616080000.1234,  1781596800000",
        "20260616,             1781568000000",
        "202606,               ",
        "20261316,             ",
        "x,                    "
    })
    void timesOfHl7(String text, @Nullable Long expected) {
        OptionalLong ms = Hl7Time.ms(text, UTC);
        assertEquals(expected, ms.isPresent() ? ms.getAsLong() : null);
    }
}
