package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.Trial;

/** Bytes of real devices, by path only, against values that were decoded independently of us. */
class RealBytesTest {
    private static final Path CAPTURES = Shelf.shared().resolve("captures/bedside");

    /** Records but alarms. */
    private static List<Map<?, ?>> decode(String profile, Path capture) throws IOException {
        return all(profile, capture).stream()
                .filter(record -> !"alarm".equals(record.get("k")))
                .toList();
    }

    private static List<Map<?, ?>> alarms(String profile, Path capture) throws IOException {
        return all(profile, capture).stream()
                .filter(record -> "alarm".equals(record.get("k")))
                .toList();
    }

    private static List<Map<?, ?>> all(String profile, Path capture) throws IOException {
        Profile read = Shelf.profile(profile);
        List<Map<?, ?>> records = new ArrayList<>();
        var counts = Trial.run(read, "wasla-codes@1", capture, json -> records.add((Map<?, ?>) json(json)));
        assertEquals(Map.of(), counts.bad(), capture.toString());
        return records;
    }

    private static Map<?, ?> expected(String folder) throws IOException {
        Path file = CAPTURES.resolve(folder).resolve("expected.json");
        Assumptions.assumeTrue(Files.exists(file), "skipped: no " + file + " beside this checkout");
        return (Map<?, ?>) json(Files.readAllBytes(file));
    }

    private static Map<String, Map<?, ?>> byLabel(Map<?, ?> record) {
        Map<String, Map<?, ?>> byLabel = new LinkedHashMap<>();
        for (Object observation : (List<?>) record.get("obs")) {
            Map<?, ?> map = (Map<?, ?>) observation;
            byLabel.put(String.valueOf(map.get("r")), map);
        }
        return byLabel;
    }

    private static void assertNumber(Object expected, @Nullable Object got) {
        assertEquals(0, ((BigDecimal) expected).compareTo((BigDecimal) got), expected + " is " + got);
    }

    @Test
    void everyMasimoLineGivesItsValues() throws IOException {
        Map<?, ?> files = expected("masimo");
        int lines = 0;
        for (Map.Entry<?, ?> file : files.entrySet()) {
            List<Map<?, ?>> records = decode(
                    "masimo-ascii1",
                    CAPTURES.resolve("masimo").resolve(file.getKey().toString()));
            List<?> rows = (List<?>) file.getValue();
            assertEquals(rows.size(), records.size());
            for (int i = 0; i < rows.size(); i++, lines++) {
                Map<?, ?> row = (Map<?, ?>) rows.get(i);
                Map<String, Map<?, ?>> got = byLabel(records.get(i));
                assertEquals(new ArrayList<>(got.keySet()), row.get("keys"));
                assertNumber(row.get("spo2"), got.get("SPO2").get("v"));
                assertNumber(row.get("bpm"), got.get("BPM").get("v"));
                assertNumber(row.get("pi"), got.get("PI").get("v"));
                assertEquals(row.get("serial"), got.get("SN").get("s"));
                assertEquals(row.get("alarm_hex"), got.get("ALARM").get("s"));
                assertEquals(row.get("exc_hex"), got.get("EXC").get("s"));
                assertEquals("na", got.get("SPCO").get("q"));
                String time = row.get("time").toString();
                assertEquals(
                        "20" + time.substring(6, 8) + "-" + time.substring(0, 2) + "-" + time.substring(3, 5) + "T"
                                + time.substring(9),
                        records.get(i).get("dt"));
            }
        }
        assertEquals(10, lines);
    }

    @Test
    void theNoninPacketGivesItsValues() throws IOException {
        Map<?, ?> packet = expected("nonin");
        List<Map<?, ?>> records = decode(
                "nonin-df2",
                CAPTURES.resolve("nonin").resolve(packet.get("file").toString()));
        Map<String, Map<?, ?>> got = byLabel(records.get(0));
        assertNumber(packet.get("heart_rate"), got.get("HR").get("v"));
        assertNumber(packet.get("spo2"), got.get("SpO2").get("v"));
        assertNumber(packet.get("firmware"), got.get("SREV").get("v"));
        assertEquals(packet.get("pleth"), records.get(1).get("d"));
    }

    /** Facts 2.4: the specification's own examples of requests are what our dialogue sends. */
    @Test
    void whatTheS5MonitorIsAskedIsWhatItsSpecificationShows() throws IOException {
        List<Bytes> examples = new ArrayList<>();
        for (String name : List.of("req-displ-10s.bin", "req-wave-ecg1.bin")) {
            Path file = CAPTURES.resolve("ge-dri").resolve(name);
            Assumptions.assumeTrue(Files.exists(file), "skipped: no " + file + " beside this checkout");
            examples.add(Bytes.of(Files.readAllBytes(file)));
        }
        Profile profile = Shelf.profile("ge-dri");
        Talk talk = profile.talk().open(0);
        assertEquals(List.of(new Action.Send(examples.get(0))), talk.onTime(0));
        byte[] values = Run.simulated(profile, 1).get(0);
        List<Action> actions = talk.onBytes(values, values.length, 1);
        assertEquals(new Action.Send(examples.get(1)), actions.get(actions.size() - 1));
        // The alarm request has no example: M1017617, chapter 5, says its fields.
        Bytes alarms = Bytes.hex("7e34" + "00".repeat(13) + "0400000000" + "0000ff" + "00".repeat(18) + "0200"
                + "00".repeat(10) + "397e");
        assertEquals(List.of(new Action.Send(alarms)), talk.onTime(2_000_000_000L));
    }

    @Test
    void everyFieldOfEveryVentilatorReplyIsPublished() throws IOException {
        for (Map.Entry<?, ?> file : expected("pb840").entrySet()) {
            List<Map<?, ?>> records = decode(
                    "pb840", CAPTURES.resolve("pb840").resolve(file.getKey().toString()));
            assertEquals(1, records.size());
            Map<String, Map<?, ?>> got = byLabel(records.get(0));
            Map<?, ?> fields = (Map<?, ?>) ((Map<?, ?>) file.getValue()).get("fields");
            assertEquals(169, fields.size());
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                Map<?, ?> observation = got.get(field.getKey().toString());
                assertTrue(observation != null, "field " + field.getKey() + " is missing");
                assertField(
                        field.getKey() + " '" + field.getValue() + "'",
                        field.getValue().toString(),
                        observation);
            }
        }
    }

    /** An alarm for each field that says one, with the ventilator's priority, and no other. */
    @Test
    void everyAlarmOfTheVentilatorsIsOneWithItsPriority() throws IOException {
        for (Map.Entry<?, ?> file : expected("pb840").entrySet()) {
            Map<String, String> told = new TreeMap<>();
            ((Map<?, ?>) ((Map<?, ?>) file.getValue()).get("fields")).forEach((field, text) -> {
                int number = Integer.parseInt(field.toString());
                if (number >= 106
                        && number <= 153
                        && List.of("LOW", "MEDIUM", "HIGH").contains(text)) {
                    told.put(field.toString(), text.toString().toLowerCase(Locale.ROOT));
                }
            });
            Map<String, String> got = new TreeMap<>();
            for (Map<?, ?> alarm : alarms(
                    "pb840", CAPTURES.resolve("pb840").resolve(file.getKey().toString()))) {
                assertEquals("start", alarm.get("phase"));
                got.put(String.valueOf(alarm.get("r")), String.valueOf(alarm.get("prio")));
            }
            assertEquals(told, got);
        }
    }

    /** The line of the manual: a pulse of 57 with the bit that is taken for "pulse low". */
    @Test
    void theManualsLineHasItsPulseLow() throws IOException {
        expected("masimo");
        List<Map<?, ?>> alarms =
                alarms("masimo-ascii1", CAPTURES.resolve("masimo").resolve("rad8-ascii1-manual-2005.txt"));
        assertEquals(
                List.of("pulse-low"),
                alarms.stream().map(alarm -> alarm.get("a")).toList());
    }

    /** Every OBX of the recorded session; what is marked invalid has no value, what is no number of its unit is a word. */
    @Test
    void everyParameterOfTheMindraySessionIsPublished() throws IOException {
        Map<?, ?> files = expected("mindray");
        Path capture = CAPTURES.resolve("mindray/pds-t8-session.mllp");
        List<Map<?, ?>> records = decode("mindray-pds", capture);
        List<?> messages = (List<?>) files.get("pds-t8-session.mllp");
        int published = 0;
        for (Object message : messages) {
            List<?> parameters = (List<?>) ((Map<?, ?>) message).get("obx");
            List<?> got = parameters.isEmpty()
                    ? List.of()
                    : (List<?>) records.get(published++).get("obs");
            assertEquals(parameters.size(), got.size());
            for (int i = 0; i < got.size(); i++) {
                Map<?, ?> parameter = (Map<?, ?>) parameters.get(i);
                assertParameter(parameter, (Map<?, ?>) got.get(i));
            }
        }
        assertEquals(records.size(), published);
    }

    private static void assertParameter(Map<?, ?> sent, Map<?, ?> got) {
        String id = sent.get("id").toString();
        String number = id.substring(0, id.indexOf('^'));
        String label = got.get("r").toString();
        assertTrue(label.equals(number) || label.equals(id) || label.equals(id + "|" + sent.get("sub")), label);
        Object value = got.get("v") == null ? got.get("s") : got.get("v");
        boolean isValid = Boolean.parseBoolean(sent.get("valid").toString());
        assertEquals(isValid ? sent.get("value").toString().replace("^", "") : "null", String.valueOf(value), id);
        assertEquals(isValid ? null : "invalid", got.get("q"), id);
    }

    @Test
    void theMindrayAlarmListsBecomeAlarms() throws IOException {
        expected("mindray");
        List<Map<?, ?>> phys = alarms("mindray-pds", CAPTURES.resolve("mindray/pds-alarm-54.mllp"));
        assertEquals(1, phys.size());
        assertAlarm("10076", "T1 Too Low", "phys", "medium", phys.get(0));
        List<Map<?, ?>> tech = alarms("mindray-pds", CAPTURES.resolve("mindray/pds-alarm-56-tech.mllp"));
        assertEquals(2, tech.size());
        assertAlarm("205", "SpO2 Sensor Off", "tech", "none", tech.get(0));
        assertAlarm("5", "ECG Lead Off", "tech", "none", tech.get(1));
    }

    private static void assertAlarm(String code, String text, String kind, String priority, Map<?, ?> got) {
        assertEquals(
                List.of("start", code, text, kind, priority, "active"),
                List.of(
                        got.get("phase"),
                        got.get("r"),
                        got.get("txt"),
                        got.get("kind"),
                        got.get("prio"),
                        got.get("state")));
    }

    /** The maker's worked example, stuffed as on the wire: length and sum hold, and our own first request is the same. */
    @Test
    void theSpaceExampleIsAWholeFrame() throws IOException {
        Path example = CAPTURES.resolve("bbraun-bcc/req-admin-alive.stuffed.bin");
        Assumptions.assumeTrue(Files.exists(example), "skipped: no " + example + " beside this checkout");
        assertEquals(List.of(), decode("bbraun-space", example));
        List<Action> first = Shelf.profile("bbraun-space").talk().open(0).onTime(0);
        assertEquals(List.of(new Action.Send(Bytes.of(Files.readAllBytes(example)))), first);
    }

    /**
     * 2,887 frames of an IntelliVue monitor with an ECG and no other sensor. The values were decoded independently, and
     * the peers' error with them was to write 0 where there is none (facts 1.3, 3).
     */
    @Test
    void aRecordingOfAnIntelliVueGivesItsValues() throws IOException {
        Path capture = CAPTURES.resolve("philips-intellivue/MPRawoutput1.raw");
        Assumptions.assumeTrue(Files.exists(capture), "skipped: no " + capture + " beside this checkout");
        Map<String, TreeSet<String>> told = new TreeMap<>();
        Map<String, Integer> samples = new TreeMap<>();
        Tally.Counts counts = Trial.run(Shelf.profile("philips-intellivue"), "wasla-codes@1", capture, json -> {
            Map<?, ?> record = (Map<?, ?>) json(json);
            if (record.get("k").equals("wav")) {
                String wave =
                        record.get("n") + " " + record.get("hz") + " " + record.get("lo") + " " + record.get("gap");
                int count = ((List<?>) record.get("d")).size();
                assertNumber(BigDecimal.valueOf(samples.getOrDefault(wave, 0)), record.get("n0"));
                samples.merge(wave, count, Integer::sum);
            } else {
                byLabel(record)
                        .forEach((label, one) -> told.computeIfAbsent(label, any -> new TreeSet<>())
                                .add(one.get("v") + " " + one.get("q")));
            }
        });
        assertEquals(2_887, counts.frames());
        assertEquals(Map.of("cut", 1L), counts.bad(), "the recording ends within a frame");
        assertEquals(Set.of("60 null"), told.get("16770"));
        assertEquals(Set.of("0 null"), told.get("16993"));
        for (String absent : List.of("18949", "18950", "18951")) {
            assertEquals(Set.of("null na"), told.get(absent));
        }
        for (String invalid : List.of("19384", "18466", "19376")) {
            assertEquals(Set.of("null invalid"), told.get(invalid));
        }
        assertEquals(Set.of("-0.8 null", "-0.9 null"), told.get("769"));
        assertEquals(Set.of("1.2 null", "1.3 null"), told.get("830"));
        assertEquals(Set.of("0.8 null", "0.9 null"), told.get("843"));
        assertEquals(
                Map.of(
                        "ecg-avr 250 -40.96 null", 1_435 * 64,
                        "ecg-ii 250 -40.96 null", 1_435 * 64,
                        "ecg-v 250 -40.96 null", 1_435 * 64,
                        "pleth 125 0 null", 1_435 * 32),
                samples);
    }

    private static void assertField(String what, String sent, Map<?, ?> got) {
        if (sent.isEmpty()) {
            assertEquals("na", got.get("q"), what);
        } else if (got.get("v") != null) {
            assertEquals(sent, got.get("v").toString(), what);
        } else if (got.get("s") != null) {
            assertEquals(sent, got.get("s"), what);
        } else {
            assertEquals("OFF", sent, what);
            assertEquals("off", got.get("q"), what);
        }
    }

    static @Nullable Object json(byte[] bytes) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(bytes)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, value(parser));
            }
            return map;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        return parser.currentToken().isNumeric() ? parser.getDecimalValue() : parser.getText();
    }
}
