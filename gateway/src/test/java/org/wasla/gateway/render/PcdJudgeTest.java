package org.wasla.gateway.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.v26.message.ORU_R01;
import ca.uhn.hl7v2.model.v26.segment.OBX;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every profile makes of its captures, as PCD-01 and PCD-04, with HAPI as the judge: it reads each value as it is. */
class PcdJudgeTest {
    private static final Path PROFILES = Path.of("../device-profiles");
    private static final Set<String> OF_THE_DEVICE = Set.of("67975", "68220");
    private static final Pcd.Source SOURCE = new Pcd.Source(
            "chu-1", ZoneId.of("Africa/Casablanca"), "patient monitor", Map.of(150456, "MDC_PULS_OXIM_SAT_O2"), "", "");

    private static List<String> records(String kind) throws IOException {
        List<String> records = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(PROFILES, 3)) {
            files = all.filter(file -> file.toString().endsWith(".expected.jsonl"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            Files.readAllLines(file).stream()
                    .filter(line -> line.contains("\"k\":\"" + kind + "\""))
                    .forEach(records::add);
        }
        return records;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everyValueOfEveryProfileIsReadAsTheRecordHasIt() throws IOException, HL7Exception {
        int values = 0;
        for (String record : records("obs")) {
            Pcd.Message message = Pcd01.message(List.of(utf8(record)), SOURCE, 1_781_596_900_000L);
            assertNotNull(message, record);
            ORU_R01 read = Judge.parsed(message);
            assertEquals(
                    message.controlId(), read.getMSH().getMessageControlID().getValue());
            values += compare(Tree.read(utf8(record)), read);
        }
        assertTrue(values > 5_000, "only " + values + " values were compared");
    }

    private static int compare(Tree record, ORU_R01 read) throws HL7Exception {
        assertEquals(1, Judge.orders(read).size());
        List<OBX> rows = new ArrayList<>(Judge.rows(Judge.orders(read).get(0)));
        rows.removeIf(row -> row.getObservationSubID().getValue().equals("1.0.0.0")
                || OF_THE_DEVICE.contains(
                        row.getObservationIdentifier().getIdentifier().getValue()));
        List<Tree> values = record.trees("obs");
        // A code that a record has twice is told twice.
        assertEquals(values.size(), rows.size(), record.text("id"));
        for (int i = 0; i < rows.size(); i++) {
            compare(values.get(i), rows.get(i), record.text("id"));
        }
        return rows.size();
    }

    private static void compare(Tree value, OBX row, String where) throws HL7Exception {
        String at = where + ' ' + value.text("r");
        String code = value.has("c") ? value.text("c") : value.has("l") ? value.text("l") : value.text("r");
        assertEquals(code, row.getObservationIdentifier().getIdentifier().getValue(), at);
        assertEquals(value.get("u"), row.getUnits().getIdentifier().getValue(), at);
        String status = row.getObservationResultStatus().getValue();
        if (value.has("v")) {
            String read = Judge.value(row, value.has("cmp") ? 2 : 1);
            assertEquals(new BigDecimal(value.text("v")), new BigDecimal(read), at);
            assertEquals(value.text("q").equals("validated") ? "F" : "R", status, at);
        } else if (value.has("s")) {
            assertEquals(value.text("s"), Judge.value(row, 1), at);
        } else {
            assertEquals("", Judge.value(row, 1), at);
            assertEquals("X", status, at);
        }
        boolean isSaid = value.has("q") && !value.text("q").equals("validated");
        assertEquals(isSaid, row.getAbnormalFlagsReps() > 0, at);
    }

    @Test
    void everyAlarmOfEveryProfileHasItsFacets() throws IOException, HL7Exception {
        List<String> records = records("alarm");
        for (String record : records) {
            Pcd.Message message = Pcd04.message(utf8(record), "", SOURCE, 1_781_596_900_000L);
            assertNotNull(message, record);
            ORU_R01 read = Judge.parsed(message);
            Tree of = Tree.read(utf8(record));
            Map<String, String> phases = Map.of("unknown", "");
            assertEquals(phases.getOrDefault(of.text("phase"), of.text("phase")), facet(read, "68481"), record);
            assertEquals(of.text("state"), facet(read, "68482"), record);
            assertEquals(priorities().get(of.text("prio")), facet(read, "68484"), record);
            assertEquals(types().get(of.text("kind")), facet(read, "68485"), record);
            assertTrue(Judge.text(message).contains(escaped(of.text("a"))), record);
        }
        assertTrue(records.size() > 100, "only " + records.size() + " alarms");
    }

    private static String escaped(String id) {
        return id.replace("\\", "\\E\\")
                .replace("|", "\\F\\")
                .replace("^", "\\S\\")
                .replace("&", "\\T\\");
    }

    private static Map<String, String> priorities() {
        return Map.of("high", "PH", "medium", "PM", "low", "PL", "none", "PN");
    }

    private static Map<String, String> types() {
        return Map.of("phys", "SP", "tech", "ST", "adv", "SA");
    }

    private static String facet(ORU_R01 read, String code) throws HL7Exception {
        for (OBX row : Judge.rows(Judge.orders(read).get(0))) {
            if (row.getObservationIdentifier().getIdentifier().getValue().equals(code)) {
                return Judge.value(row, 1);
            }
        }
        throw new AssertionError("no facet " + code);
    }

    @Test
    void otherKindsAreNoMessages() throws IOException {
        for (String kind : List.of("res", "evt", "wav")) {
            for (String record : records(kind)) {
                assertNull(Pcd01.message(List.of(utf8(record)), SOURCE, 0), record);
                assertNull(Pcd04.message(utf8(record), "", SOURCE, 0), record);
            }
        }
    }
}
