package org.wasla.gateway.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What FHIR's own judge cannot know: that the bundle says what the record says, and no more. */
class FhirTest {
    private static final Fhir.Source MONITOR = new Fhir.Source("monitor", "Maker");
    private static final String HEAD =
            "{\"v\":1,\"id\":\"gw-1.c81f2b7e.mon.%1$s.7\",\"gw\":\"gw-1\",\"ep\":\"c81f2b7e\","
                    + "\"dev\":\"mon\",\"k\":\"%1$s\",\"seq\":7,\"prof\":\"p@1.0.0\",\"ph\":\"1900eab6d2f4\",\"t\":1781596804105,";
    private static final String PATIENT =
            "\"pat\":{\"ref\":\"p:9f2c41d07ab35e18\",\"as\":\"a-81\",\"how\":\"scanned\",\"st\":\"F\"},";

    private static String bundle(String kind, String rest) throws IOException {
        byte[] bundle = Fhir.bundle((String.format(HEAD, kind) + rest + "}").getBytes(StandardCharsets.UTF_8), MONITOR);
        assertNotNull(bundle);
        return new String(bundle, StandardCharsets.UTF_8);
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @Test
    void numbersKeepTheirDigitsAndTimesTheirMilliseconds() throws IOException {
        String said = bundle("obs", "\"obs\":[{\"c\":150344,\"r\":\"T1\",\"v\":36.80,\"u\":\"Cel\"}]");
        assertTrue(said.contains("\"value\":36.80,"), said);
        assertTrue(said.contains("\"effectiveDateTime\":\"2026-06-16T08:00:04.105Z\""), said);
    }

    // Absent is never a zero, in whatever language.
    @Test
    void whatWasNotMeasuredHasAReasonAndNoNumber() throws IOException {
        String said = bundle(
                "obs",
                "\"obs\":[{\"c\":149530,\"r\":\"BPM\",\"u\":\"/min\",\"q\":\"off\",\"why\":\"sensor-off\",\"w\":\"072\"}]");
        assertFalse(said.contains("valueQuantity"), said);
        assertTrue(said.contains("\"code\":\"not-performed\""), said);
        assertTrue(said.contains("sensor-off"), said);
        assertFalse(said.contains("072"), said);
    }

    @Test
    void systolicAndDiastolicAreOneObservation() throws IOException {
        String said = bundle(
                "obs",
                PATIENT + "\"obs\":[{\"c\":150021,\"r\":\"S\",\"v\":121,\"u\":\"mm[Hg]\"},"
                        + "{\"c\":150022,\"r\":\"D\",\"v\":78,\"u\":\"mm[Hg]\"}]");
        assertEquals(1, count(said, "\"resourceType\":\"Observation\""));
        assertTrue(said.contains("StructureDefinition/bp"), said);
        assertTrue(said.contains("8480-6") && said.contains("8462-4"), said);
    }

    // The vital signs profiles ask for a patient: a value of nobody must not claim them.
    @Test
    void valuesOfNobodyHaveTheDeviceForSubjectAndClaimNoProfile() throws IOException {
        String one = "\"obs\":[{\"c\":147842,\"r\":\"HR\",\"v\":72,\"u\":\"/min\"}]";
        String nobodys = bundle("obs", one);
        assertFalse(nobodys.contains("StructureDefinition"), nobodys);
        assertFalse(nobodys.contains("Patient"), nobodys);
        String somebodys = bundle("obs", PATIENT + one);
        assertTrue(somebodys.contains("StructureDefinition/heartrate"), somebodys);
        assertTrue(somebodys.contains("\"value\":\"p:9f2c41d07ab35e18\""), somebodys);
    }

    @Test
    void aUnitThatTheProfileDoesNotAskForClaimsNothing() throws IOException {
        String said = bundle("obs", PATIENT + "\"obs\":[{\"c\":150344,\"r\":\"T1\",\"v\":98.2,\"u\":\"[degF]\"}]");
        assertFalse(said.contains("StructureDefinition"), said);
    }

    @Test
    void controlsTestsAndDemonstrationsAreNobodysFindings() throws IOException {
        String control = String.format(HEAD, "res") + "\"qc\":true,\"res\":[{\"r\":\"WBC\",\"v\":7.1}]}";
        assertNull(Fhir.bundle(control.getBytes(StandardCharsets.UTF_8), MONITOR));
        String demo = String.format(HEAD, "obs") + "\"obs\":[{\"r\":\"HR\",\"v\":72,\"q\":\"demo\"}]}";
        assertNull(Fhir.bundle(demo.getBytes(StandardCharsets.UTF_8), MONITOR));
    }

    @Test
    void resultsKeepComparatorRangeSpecimenAndStatus() throws IOException {
        String said = bundle(
                "res",
                "\"sp\":\"S-1\",\"ord\":\"O-7\",\"res\":[{\"r\":\"HIV\",\"l\":\"56888-1\",\"cmp\":\"<\",\"v\":2.00,\"u\":\"[IU]/mL\","
                        + "\"ref\":\"< 2.00\",\"st\":\"P\",\"fl\":\"N\"}]");
        assertTrue(said.contains("\"value\":2.00,\"comparator\":\"<\""), said);
        assertTrue(said.contains("\"text\":\"< 2.00\""), said);
        assertEquals(2, count(said, "\"status\":\"preliminary\""));
        assertEquals(2, count(said, "\"value\":\"S-1\""));
        assertTrue(said.contains("\"value\":\"O-7\""), said);
    }

    // Value = origin + factor * sample, so that a reader needs no other scale.
    @Test
    void samplesKeepTheirScaleAndTheirGaps() throws IOException {
        String said = bundle(
                "wav",
                "\"r\":\"ECG\",\"u\":\"mV\",\"hz\":\"250\",\"n0\":100,\"lo\":-5,\"hi\":5,\"dlo\":0,\"dhi\":4000,"
                        + "\"d\":[2000,2400],\"gap\":[[101,2]]");
        assertTrue(said.contains("\"factor\":0.0025"), said);
        assertTrue(said.contains("\"value\":-5"), said);
        assertTrue(said.contains("\"period\":4,"), said);
        assertTrue(said.contains("\"data\":\"2000 E E 2400\""), said);
        assertTrue(
                said.contains("{\"start\":\"2026-06-16T08:00:04.089Z\",\"end\":\"2026-06-16T08:00:04.105Z\"}"), said);
    }

    /** A record of one second of a wave of 2.5 Hz; whole seconds are two of them. */
    private static byte[] wave(int seq, long n0, long ms, String more) {
        return ("{\"v\":1,\"id\":\"gw-1.e.mon.wav." + seq + "\",\"gw\":\"gw-1\",\"dev\":\"mon\",\"k\":\"wav\",\"seq\":"
                        + seq
                        + ",\"t\":" + (1_781_596_804_000L + ms) + more + ",\"hz\":\"2.5\",\"n0\":" + n0
                        + ",\"lo\":0,\"hi\":255,\"d\":[" + n0 + "," + (n0 + 1) + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> waves(byte[]... records) throws IOException {
        return Fhir.waves(List.of(records), 10, 0, MONITOR).stream()
                .map(bundle -> new String(bundle, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void anExcerptJoinsRecordsOfItsChannelAndKeepsTheirGaps() throws IOException {
        String one = ",\"r\":\"I\"";
        String two = ",\"r\":\"II\"";
        List<String> said = waves(
                wave(1, 100, 0, one),
                wave(2, 7, 0, two),
                wave(3, 102, 800, one),
                wave(4, 106, 2_400, one),
                wave(5, 9, 800, two));
        assertEquals(2, said.size());
        assertTrue(said.get(0).contains("\"data\":\"101 102 103 E E 106 107\""), said.get(0));
        assertTrue(said.get(0).contains("mon.wav.4.I@101"), said.get(0));
        assertTrue(
                said.get(0).contains("\"value\":\"gw-1.e.mon.wav.1\""), "its provenance begins there: " + said.get(0));
        assertTrue(said.get(1).contains("\"data\":\"9 10\""), said.get(1));
        assertEquals(
                1,
                Fhir.waves(List.of(wave(1, 0, 0, one), wave(2, 2, 800, one)), 1, 1, MONITOR)
                        .size());
        assertEquals(
                0,
                Fhir.waves(List.of(wave(1, 0, 0, one), wave(2, 2, 800, one)), 1, 2, MONITOR)
                        .size());
    }

    // Two patients, two lines, two scales: samples that do not belong together are never one curve.
    @Test
    void anExcerptEndsWhereThePatientTheCounterOrTheTimeDoes() throws IOException {
        String label = ",\"r\":\"I\"";
        String other = label + ',' + PATIENT.substring(0, PATIENT.length() - 1);
        List<byte[]> nexts = List.of(
                wave(3, 104, 1_600, other),
                wave(3, 0, 1_600, label),
                wave(3, 104, 9_000, label),
                wave(3, 104, 1_600, label + ",\"u\":\"mV\""));
        for (byte[] next : nexts) {
            assertEquals(List.of(), waves(wave(1, 100, 0, label), wave(2, 102, 800, label), next));
        }
        assertEquals(
                1,
                waves(wave(1, 100, 0, label), wave(2, 102, 800, label), wave(3, 104, 1_600, label))
                        .size());
    }

    @Test
    void aWaveWithoutARateIsNotRendered() throws IOException {
        String wave = String.format(HEAD, "wav") + "\"r\":\"X\",\"hz\":\"0\",\"n0\":0,\"lo\":0,\"hi\":0,\"d\":[1,2]}";
        assertNull(Fhir.bundle(wave.getBytes(StandardCharsets.UTF_8), MONITOR));
    }

    // A bundle may come twice: a server must be able to see that it is the same.
    @Test
    void theSameRecordGivesTheSameBundleToTheByte() throws IOException {
        byte[] record =
                (String.format(HEAD, "obs") + "\"obs\":[{\"r\":\"PVI\",\"v\":14}]}").getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(Fhir.bundle(record, MONITOR), Fhir.bundle(record, MONITOR));
        String said = bundle("obs", "\"obs\":[{\"r\":\"PVI\",\"v\":14}]");
        assertTrue(said.contains("\"ifNoneExist\":\"identifier=urn:wasla:record|gw-1.c81f2b7e.mon.obs.7.PVI\""), said);
        assertTrue(said.contains("p@1.0.0#1900eab6d2f4"), "the provenance names the profile's hash: " + said);
    }

    @Test
    void twoValuesOfOneLabelAreTwoObservations() throws IOException {
        String said = bundle("obs", "\"obs\":[{\"r\":\"T\",\"v\":36.8},{\"r\":\"T\",\"v\":35.9}]");
        assertTrue(said.contains("obs.7.T\"") && said.contains("obs.7.T#2\""), said);
    }
}
