package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.Observation.Value.Quantity;
import org.wasla.gateway.observation.RecordBody.Event;
import org.wasla.gateway.observation.RecordBody.Numerics;
import org.wasla.gateway.observation.RecordBody.Wave;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;

/** The wire contract to the letter: others read these bytes. */
class RecordJsonTest {
    private static final Envelope ENVELOPE = new Envelope(
            "gw-7f3a9c21",
            "oxi-b07",
            "rea1/b07",
            "masimo-ascii1@1.0.0",
            "1900eab6d2f4",
            "wasla-codes@1",
            1781596804105L,
            "2026-06-16T08:00:04",
            new Clock("sync", -183000L));
    private static final String HEAD =
            "{\"v\":1,\"id\":\"gw-7f3a9c21.c81f2b7e.oxi-b07.%1$s.1000\",\"gw\":\"gw-7f3a9c21\","
                    + "\"ep\":\"c81f2b7e\",\"dev\":\"oxi-b07\",\"k\":\"%1$s\",\"seq\":1000,\"loc\":\"rea1/b07\","
                    + "\"prof\":\"masimo-ascii1@1.0.0\",\"ph\":\"1900eab6d2f4\",\"map\":\"wasla-codes@1\",\"t\":1781596804105,"
                    + "\"dt\":\"2026-06-16T08:00:04\",\"clk\":{\"s\":\"sync\",\"o\":-183000},";

    private static String write(RecordBody body) {
        return new String(RecordJson.write(ENVELOPE, body, "c81f2b7e", 1000), StandardCharsets.UTF_8);
    }

    @Test
    void numericsAreWrittenAsTheContractShows() {
        Numerics body = new Numerics(List.of(
                new Observation(
                        new Meaning("SPO2", "SPO2", 150456, "spo2", null, "%", null),
                        new Quantity("98"),
                        null,
                        null,
                        null),
                new Observation(
                        new Meaning("BPM", "BPM", 149530, "pulse", null, "/min", null),
                        null,
                        Flag.OFF,
                        "sensor-off",
                        "072"),
                new Observation(
                        new Meaning("T1", "T1", null, null, null, "Cel", null),
                        new Quantity("36.80"),
                        null,
                        null,
                        null)));
        assertEquals(
                String.format(HEAD, "obs")
                        + "\"obs\":[{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\",\"v\":98,\"u\":\"%\"},"
                        + "{\"c\":149530,\"n\":\"pulse\",\"r\":\"BPM\",\"u\":\"/min\",\"q\":\"off\",\"why\":\"sensor-off\",\"w\":\"072\"},"
                        + "{\"r\":\"T1\",\"v\":36.80,\"u\":\"Cel\"}]}",
                write(body));
    }

    @Test
    void wavesAndEventsCarryTheirOwnFields() {
        Wave wave = new Wave(
                new Meaning("PLETH", "PLETH", 150452, "pleth", null, null, null),
                new Scale("62.5", "0", "255", 0, 255, null),
                75,
                List.of(1, 2, 300),
                null);
        assertEquals(
                String.format(HEAD, "wav")
                        + "\"c\":150452,\"n\":\"pleth\",\"r\":\"PLETH\",\"hz\":\"62.5\",\"n0\":75,\"lo\":0,\"hi\":255,\"d\":[1,2,300]}",
                write(wave));
        Wave scaled = new Wave(
                Meaning.unmapped("ECG"), new Scale("250", "-40.96", "40.955", 0, 16383, "mV"), 0, List.of(8192), null);
        assertEquals(
                String.format(HEAD, "wav")
                        + "\"r\":\"ECG\",\"hz\":\"250\",\"n0\":0,\"lo\":-40.96,\"hi\":40.955,\"dlo\":0,\"dhi\":16383,\"d\":[8192]}",
                write(scaled));
        List<Wave.Gap> gaps = List.of(new Wave.Gap(70, 5), new Wave.Gap(76, 1));
        Wave broken = new Wave(wave.what(), wave.scale(), 75, List.of(1, 2), gaps, null);
        assertTrue(write(broken).endsWith("\"n0\":75,\"lo\":0,\"hi\":255,\"d\":[1,2],\"gap\":[[70,5],[76,1]]}"));
        Event event = new Event("device-lost", Map.of("why", "line-lost", "from", 7L));
        assertEquals(
                String.format(HEAD, "evt") + "\"e\":\"device-lost\",\"from\":7,\"why\":\"line-lost\"}", write(event));
    }

    @Test
    void textOfADeviceCannotBreakTheJson() {
        Meaning label = Meaning.unmapped("A\"\\B");
        Numerics body =
                new Numerics(List.of(new Observation(label, new Observation.Value.Text("é\"\n"), null, null, null)));
        assertTrue(write(body).endsWith("\"obs\":[{\"r\":\"A\\\"\\\\B\",\"s\":\"é\\\"\\n\"}]}"));
    }

    /** Bar of the design, section 3: a set of twelve takes at most 400 bytes deflated. */
    @Test
    void twelveParametersDeflatedStayWithinTheirSize() {
        List<Observation> twelve = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Meaning meaning =
                    new Meaning("P" + i, "P" + i, 150021 + 7 * i, "param-" + (char) ('a' + i), null, "mm[Hg]", null);
            twelve.add(new Observation(meaning, new Quantity(Integer.toString(61 + 17 * i)), null, null, null));
        }
        byte[] record = RecordJson.write(ENVELOPE, new Numerics(twelve), "c81f2b7e", 1000);
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        deflater.setInput(record);
        deflater.finish();
        int bytes = deflater.deflate(new byte[4096]);
        deflater.end();
        assertTrue(bytes > 100 && bytes <= 400, bytes + " bytes");
    }

    /** Whose a record is stands behind the clock; what a correction is about are numbers of streams. */
    @Test
    void patientAndRangesAreWrittenAsTheContractShows() {
        Envelope whose = ENVELOPE.of(new RecordJson.Patient("p:9f2c41d07ab35e18", "a-81", "scanned", "F"));
        Event.Ranges ranges = new Event.Ranges(List.of(new Event.Range("oxi-b07.obs", 7, 9)));
        Event event = new Event("association-corrected", Map.of("nums", ranges));
        assertEquals(
                String.format(HEAD, "evt")
                        + "\"pat\":{\"ref\":\"p:9f2c41d07ab35e18\",\"as\":\"a-81\",\"how\":\"scanned\",\"st\":\"F\"},"
                        + "\"e\":\"association-corrected\",\"nums\":[{\"of\":\"oxi-b07.obs\",\"from\":7,\"to\":9}]}",
                new String(RecordJson.write(whose, event, "c81f2b7e", 1000), StandardCharsets.UTF_8));
    }
}
