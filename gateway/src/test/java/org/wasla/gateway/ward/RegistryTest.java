package org.wasla.gateway.ward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.identity.PatientStore;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.patient.Beds;
import org.wasla.gateway.patient.Inquiry;
import org.wasla.gateway.patient.Inquiry.Answer;
import org.wasla.gateway.patient.Inquiry.Said;
import org.wasla.gateway.patient.PatientId;

/** What a registry is asked, and what its answers change, with a real buffer and over restarts. */
class RegistryTest {
    private static final PatientId ANNA =
            PatientId.of("SECRET4711", "CHU", "PI").orElseThrow();
    private static final String ONE = "n:00000000000000a1";
    private static final String TWO = "n:00000000000000b2";
    private static final long HOUR_MS = 3_600_000;

    @TempDir
    Path folder;

    private Outbox outbox;
    private PatientStore store;
    private Ward ward;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 500), Gaps::event);
        start();
    }

    private void start() throws IOException {
        WardSettings settings = new WardSettings(
                "gw-1",
                ZoneId.of("UTC"),
                List.of(new WardSettings.Device("oxi", "oxi", null, List.of(), false)),
                new Beds(Map.of()),
                false,
                0,
                "CHU",
                null,
                new RegistrySettings(HOUR_MS, Set.of(), null));
        store = PatientStore.open(folder.resolve("patients"));
        ward = new Ward(settings, store, outbox, () -> new Clock("sync", null), (device, json) -> {});
        ward.start();
    }

    @AfterEach
    void close() throws IOException {
        ward.close();
        outbox.close();
    }

    /** Events, and questions, that have this in them. */
    private List<String> said(String... parts) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Entry entry : outbox.next(Urgency.RESULT, 0, 1_000)) {
            String text = new String(entry.payload(), StandardCharsets.UTF_8);
            if (List.of(parts).stream().allMatch(text::contains)) {
                texts.add(text);
            }
        }
        return texts;
    }

    private List<String> asked() throws IOException {
        return said("\"rq\":", "\"n\":");
    }

    private List<String> rebinds() throws IOException {
        return said("\"e\":\"rebind\"");
    }

    /** A record that nobody waits for, as a device's worker hands it over. */
    private void record(long timeMs) throws IOException {
        outbox.offer(
                List.of(new Draft("oxi", "obs", Urgency.OBSERVATION, timeMs, (epoch, seq) -> new byte[] {'{', '}'})));
    }

    private String scanned() throws IOException {
        long nowMs = System.currentTimeMillis();
        assertTrue(ward.scanned("oxi", ANNA, null, nowMs));
        Patient patient = ward.patient("oxi", nowMs);
        assertNotNull(patient);
        return patient.ref();
    }

    private @Nullable String answer(String ref, long rev, Said said, @Nullable String reg, boolean isMerged)
            throws IOException {
        return ward.answered(new Answer(Inquiry.of(ref).request(), rev, said, reg, isMerged));
    }

    @Test
    void aNumberThatIsLearntIsClaimedAndAskedAboutOnce() throws IOException {
        String ref = scanned();
        assertEquals(
                1,
                said("\"e\":\"identity-claim\"", "\"ref\":\"" + ref + "\"", "\"how\":\"scanned\"")
                        .size());
        assertEquals(1, asked().size());
        assertTrue(asked().get(0).contains("\"rq\":\"q-" + ref.substring(2) + "\",\"n\":1"), asked().get(0));
        ward.tell();
        assertEquals(1, asked().size(), "an hour has not passed");
        ward.ended("oxi", System.currentTimeMillis());
        assertEquals(1, said("\"e\":\"identity-claim\"", "\"to\":").size());
        assertTrue(said("SECRET").isEmpty());
        assertTrue(said("\"auth\"").isEmpty(), "no authority may be told in clear here");
        ward.close();
        start();
        ward.tell();
        assertEquals(1, asked().size(), "a restart does not ask at once");
    }

    // Numbers that were on their way to the disk when the answer came are the patient's too.
    @Test
    void whatIsStillOnItsWayToTheDiskIsReboundToo() throws IOException {
        String ref = scanned();
        record(System.currentTimeMillis());
        record(System.currentTimeMillis());
        assertNull(answer(ref, 1, Said.KNOWN, ONE, false));
        assertEquals(1, rebinds().size());
        String rebind = rebinds().get(0);
        assertTrue(rebind.contains("\"nums\":[{\"of\":\"oxi.obs\",\"from\":1,\"to\":2}]"), rebind);
        assertTrue(rebind.contains("\"by\":\"registry\"") && rebind.contains("\"why\":\"answer\""), rebind);
        Patient patient = ward.patient("oxi", System.currentTimeMillis());
        assertNotNull(patient);
        assertEquals(ONE, patient.registered());
        assertEquals(ref, patient.ref());
    }

    @Test
    void everyAnswerIsAppliedOnceAndInTheOrderOfItsNumber() throws IOException {
        String ref = scanned();
        assertNull(answer(ref, 1, Said.UNKNOWN, null, false));
        assertTrue(rebinds().isEmpty(), "nobody was known before either");
        assertNull(answer(ref, 3, Said.KNOWN, TWO, false));
        assertNull(answer(ref, 3, Said.KNOWN, TWO, false), "the same again");
        assertNull(answer(ref, 2, Said.KNOWN, ONE, false), "overtaken by a newer one");
        assertEquals(1, rebinds().size());
        assertEquals(TWO, ward.reference(ref));
        assertEquals("rev 3 was another answer; write a higher rev", answer(ref, 3, Said.KNOWN, ONE, false));
        assertEquals("rq names no question of this box", answer("p:0000000000000001", 1, Said.KNOWN, ONE, false));
        assertNull(answer(ref, 4, Said.AMBIGUOUS, null, false));
        assertNull(ward.reference(ref));
        String back = rebinds().get(1);
        assertTrue(back.contains("\"was\":\"" + TWO + "\"") && back.contains("\"why\":\"ambiguous\""), back);
        assertFalse(back.contains("\"now\""), back);
    }

    // The plug may be pulled between the answer and what is told of it.
    @Test
    void anAnswerThatWasKeptIsToldAfterARestartAndOnlyOnce() throws IOException {
        String ref = scanned();
        Inquiry known = store.inquiries().get(ref).orElseThrow();
        store.inquiries().keep(List.of(known.answered(new Answer(known.request(), 1, Said.KNOWN, ONE, false))));
        ward.close();
        start();
        assertEquals(1, rebinds().size());
        assertEquals(ONE, ward.reference(ref));
        ward.close();
        start();
        ward.tell();
        assertEquals(1, rebinds().size());
    }

    @Test
    void aQuestionThatNobodyAnswersEnds() throws IOException {
        String ref = scanned();
        store.inquiries().keep(List.of(Inquiry.of(ref).askedTimes(Registry.ASKED_MAX)));
        ward.close();
        start();
        ward.tell();
        ward.tell();
        assertEquals(1, said("\"n\":12").size(), "learnt anew at the start: asked once more, and no more");
        assertEquals(2, asked().size());
    }

    /** What an association-corrected says now has the reference at once; the answer is not told a second time for it. */
    @Test
    void aLaterCorrectionCarriesTheReference() throws IOException {
        long beforeMs = System.currentTimeMillis() - 60_000;
        record(beforeMs + 1_000);
        String ref = scanned();
        assertNull(answer(ref, 1, Said.KNOWN, ONE, false));
        assertNull(ward.ordered("oxi", ANNA, true, null, beforeMs));
        String corrected = said("\"e\":\"association-corrected\"", "\"from\":" + beforeMs + ",")
                .get(0);
        assertTrue(corrected.contains("\"reg\":\"" + ONE + "\"") && corrected.contains("\"ref\":\"" + ref), corrected);
        assertTrue(corrected.contains("{\"of\":\"oxi.obs\",\"from\":1,\"to\":1}"), corrected);
        assertEquals(1, rebinds().size());
    }

    @Test
    void aPseudonymOfWhichNoTimeIsRememberedIsReboundOnTheGatewaysOwnStream() throws IOException {
        String ref = "p:0000000000000abc";
        store.inquiries().keep(List.of(Inquiry.of(ref).askedTimes(1)));
        assertNull(answer(ref, 1, Said.KNOWN, ONE, false));
        String rebind = rebinds().get(0);
        assertTrue(rebind.contains("\"dev\":\"gw-1\"") && rebind.contains("\"nums\":[]"), rebind);
        assertFalse(rebind.contains("\"from\""), rebind);
    }
}
