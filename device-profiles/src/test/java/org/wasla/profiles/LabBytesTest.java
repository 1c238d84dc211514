package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.profile.Trial;

/** Recordings of real analysers, by path only, against values that were read independently of us. */
class LabBytesTest {
    private static final Path SHARED = Shelf.shared().resolve("captures");

    private static Map<?, ?> expected(String file) throws IOException {
        Path expected = SHARED.resolve("lab/expected.json");
        Assumptions.assumeTrue(Files.exists(expected), "skipped: no " + expected + " beside this checkout");
        return (Map<?, ?>) ((Map<?, ?>) RealBytesTest.json(Files.readAllBytes(expected))).get(file);
    }

    private static Map<?, ?> record(String profile, String file) throws IOException {
        List<Map<?, ?>> records = new ArrayList<>();
        Tally.Counts counts = Trial.run(
                Shelf.profile(profile),
                "codes",
                SHARED.resolve(file),
                json -> records.add((Map<?, ?>) RealBytesTest.json(json)));
        assertEquals(Map.of(), counts.bad(), file);
        assertEquals(0, counts.skippedBytes(), file);
        assertEquals(1, records.size(), file);
        return records.get(0);
    }

    private static Map<String, Map<?, ?>> results(Map<?, ?> record) {
        Map<String, Map<?, ?>> results = new HashMap<>();
        ((List<?>) record.get("res"))
                .forEach(result -> results.put(String.valueOf(((Map<?, ?>) result).get("r")), (Map<?, ?>) result));
        return results;
    }

    /** Lists of code, value, unit and more; or values, units and more by code. */
    private static Map<?, ?> check(String profile, String file) throws IOException {
        Map<?, ?> expected = expected(file);
        Map<?, ?> record = record(profile, file);
        Map<String, Map<?, ?>> results = results(record);
        List<List<?>> rows = new ArrayList<>();
        if (expected.get("results") instanceof Map<?, ?> byCode) {
            byCode.forEach((code, told) -> {
                List<Object> row = new ArrayList<>(List.of(code));
                row.addAll((List<?>) told);
                rows.add(row);
            });
        } else {
            ((List<?>) expected.get("results")).forEach(row -> rows.add((List<?>) row));
            assertEquals(rows.size(), results.size(), file);
        }
        assertFalse(rows.isEmpty());
        for (List<?> row : rows) {
            Map<?, ?> result = results.get(String.valueOf(row.get(0)));
            String value = String.valueOf(row.get(1));
            String what = file + " " + row + ": " + result;
            if (value.startsWith("-")) {
                assertFalse(result.containsKey("v") || result.containsKey("s"), what);
                assertTrue(result.containsKey("q"), what);
                continue;
            }
            assertEquals(new BigDecimal(value), new BigDecimal(String.valueOf(result.get("v"))), what);
            String other = String.valueOf(row.get(2));
            boolean isFlag = other.equals("W") || other.equals("L") || other.equals("F") || other.contains(" ");
            Object sent = result.containsKey("ur") ? result.get("ur") : result.get("u");
            assertTrue(isFlag || other.equals(sent), what);
            assertTrue(isFlag || result.containsKey("u"), what);
        }
        return record;
    }

    @Test
    void aCobasC111() throws IOException {
        Map<?, ?> record = check("astm-generic", "lab/cobas_c111/cobas_c111.astm");
        assertEquals("T20 10134GA D28", record.get("sp"));
        assertEquals("2023-08-03T13:17:13", record.get("dt"));
        Map<?, ?> own = check("cobas-c111", "lab/cobas_c111/cobas_c111.astm");
        assertEquals("T20 10134GA D28", own.get("sp"));
        assertEquals("2023-08-03T13:17:13", own.get("dt"));
    }

    @Test
    void aCobasC311() throws IOException {
        check("astm-generic", "lab/cobas_c311/cobas_c311.astm");
        Map<?, ?> record = check("cobas-c311", "lab/cobas_c311/cobas_c311.astm");
        assertEquals("CL-PL-24-0370", record.get("sp"));
        assertEquals("11625", record.get("ord"));
        assertEquals(List.of("43"), results(record).get("685/").get("note"));
    }

    @Test
    void aDcaVantage() throws IOException {
        assertEquals(
                "660", check("astm-generic", "lab/dca_vantage/dca_vantage.astm").get("sp"));
        Map<?, ?> record = check("dca-vantage", "lab/dca_vantage/dca_vantage.astm");
        assertEquals("660", record.get("sp"));
        assertEquals("14959-1", results(record).get("Ratio").get("l"));
    }

    @Test
    void anAfinion() throws IOException {
        assertEquals(
                "5",
                check("astm-generic", "lab/abbott_afinion2/abbott_afinion2.astm")
                        .get("sp"));
        Map<?, ?> record = check("afinion2", "lab/abbott_afinion2/abbott_afinion2.astm");
        assertEquals("5", record.get("sp"));
        assertEquals("4548-4", results(record).get("HbA1c").get("l"));
    }

    @Test
    void anXp100() throws IOException {
        assertEquals(
                "113",
                check("astm-generic", "lab/sysmex_xp100/sysmex_xp100.astm").get("sp"));
        assertEquals(
                "113", check("sysmex-xn", "lab/sysmex_xp100/sysmex_xp100.astm").get("sp"));
        Map<?, ?> record = check("sysmex-xp", "lab/sysmex_xp100/sysmex_xp100.astm");
        assertEquals("113", record.get("sp"));
        assertEquals("mixed-pct", results(record).get("MXD%").get("n"));
    }

    @Test
    void aPentraXlr() throws IOException {
        Map<?, ?> record = check("astm-generic", "lab/pentra_xlr/pentra_xlr.astm");
        assertEquals("W", results(record).get("WBC").get("st"));
        // The unit is the digit 1, which says nothing.
        assertFalse(results(record).get("WBC").containsKey("u"));
        Map<String, Map<?, ?>> own = results(check("pentra-xlr", "lab/pentra_xlr/pentra_xlr.astm"));
        assertEquals("questionable", own.get("WBC").get("q"));
        // What the analyser sends as LOINC fails the check digit, or would say another kind of quantity.
        assertEquals("789-8", own.get("RBC").get("l"));
        assertEquals("789-9", own.get("RBC").get("alt"));
        assertFalse(own.get("HGB").containsKey("l"));
    }

    @Test
    void noIdOfAPatientLeaves() throws IOException {
        Map<String, String> own = Map.of(
                "lab/dca_vantage/dca_vantage.astm", "dca-vantage",
                "lab/abbott_afinion2/abbott_afinion2.astm", "afinion2");
        for (String file : own.keySet()) {
            expected(file);
            for (String profile : List.of("astm-generic", own.get(file))) {
                List<String> records = new ArrayList<>();
                Trial.run(
                        Shelf.profile(profile),
                        "codes",
                        SHARED.resolve(file),
                        json -> records.add(new String(json, StandardCharsets.UTF_8)));
                String record = records.get(0);
                assertFalse(record.contains("BU24R554") || record.contains("3643"), record);
            }
        }
    }
}
