package org.wasla.gateway.patient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.wasla.gateway.patient.ScanFlow.Step;

/** Wristband, device: associated. Whatever else is scanned binds nobody. */
class ScanTest {
    private static final long S = 1_000_000_000L;
    private static final PatientId PATIENT = new PatientId("4711", "", "");
    private final ScanFlow flow = new ScanFlow();
    private @Nullable String on;

    private String scan(ScanCode code, long atNs) {
        return text(flow.onCode(
                code, device -> on != null, (device, id) -> id.value().equals(on), atNs));
    }

    private static String text(List<Step> steps) {
        List<String> texts = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.Associate associate) {
                texts.add(associate.device() + "=" + associate.patient().value() + by(associate.operator()));
            } else if (step instanceof Step.End end) {
                texts.add(end.device() + "=" + by(end.operator()));
            } else if (step instanceof Step.Show show) {
                texts.add(show.signal().name());
            }
        }
        return String.join(" ", texts);
    }

    private static String by(@Nullable String operator) {
        return operator == null ? "" : " by " + operator;
    }

    @Test
    void wristbandThenDevices() {
        assertEquals("READY", scan(new ScanCode.Wristband(PATIENT), 0));
        assertEquals("d=4711", scan(new ScanCode.Device("d"), 5 * S));
        assertEquals("e=4711", scan(new ScanCode.Device("e"), 60 * S));
        assertEquals("f=4711", scan(new ScanCode.Device("f"), 115 * S));
    }

    @Test
    void aDeviceAgainEnds() {
        scan(new ScanCode.Wristband(PATIENT), 0);
        scan(new ScanCode.Device("d"), 5 * S);
        on = "4711";
        assertEquals("", scan(new ScanCode.Device("d"), 6 * S), "the trigger was pulled twice");
        assertEquals("d=", scan(new ScanCode.Device("d"), 20 * S));
        assertEquals("TIMEOUT", text(flow.onTime(90 * S)));
        assertEquals("", text(flow.onTime(91 * S)));
        assertEquals("d=", scan(new ScanCode.Device("d"), 92 * S));
        on = null;
        assertEquals("REFUSED", scan(new ScanCode.Device("d"), 100 * S));
    }

    @Test
    void anotherPatientsWristbandMovesTheDevice() {
        on = "4711";
        scan(new ScanCode.Wristband(new PatientId("4712", "", "")), 0);
        assertEquals("d=4712", scan(new ScanCode.Device("d"), 5 * S));
    }

    /** A wristband that was scanned an hour ago must not bind the device that is scanned now. */
    @Test
    void aWristbandIsForgotten() {
        scan(new ScanCode.Wristband(PATIENT), 0);
        assertEquals("REFUSED", scan(new ScanCode.Device("d"), 60 * S));
        scan(new ScanCode.Wristband(PATIENT), 70 * S);
        assertEquals("d=4711", scan(new ScanCode.Device("d"), 130 * S - 1));
    }

    @Test
    void whoScansIsRemembered() {
        assertEquals("READY", scan(new ScanCode.Operator("n17"), 0));
        scan(new ScanCode.Wristband(PATIENT), S);
        assertEquals("d=4711 by n17", scan(new ScanCode.Device("d"), 5 * S));
        scan(new ScanCode.Wristband(PATIENT), 1_000 * S);
        assertEquals("d=4711", scan(new ScanCode.Device("d"), 1_001 * S));
        assertEquals("REFUSED", scan(new ScanCode.Other(), 1_002 * S));
    }

    @ParameterizedTest
    @CsvSource({
        "wasla:device:d;,                          device d",
        "]C0wasla:device:d;,                       device d",
        "ASSET-1,                                  device d",
        "wasla:device:unknown;,                    other",
        "wasla:operator:n17;,                      operator n17",
        "wasla:patient:4711;,                      patient 4711 ''",
        "wasla:patient:4711^^^CHU^PI;,             patient 4711 CHU",
        "wasla:patient:;,                          other",
        "]C18018340000000000000017,                patient 340000000000000017 gsrn",
        "]C1801834000000000000001,                 other",
        "]d20100000000000017|8018340000000000000017, patient 340000000000000017 gsrn",
        "8018340000000000000017,                   other",
        "IPP12345,                                 patient 12345 ''",
        "]C0IPP12345,                              patient 12345 ''",
        "IPP123456,                                other",
        "88001,                                    patient 88001 ''",
        "88002,                                    other",
        "]E03400930000120,                         other",
        "wasla:bed:rea1/b07;,                      other"
    })
    void codesByTheirForm(String code, String expected) {
        ScanCode.Reader reader = new ScanCode.Reader(Map.of("d", "d", "ASSET-1", "d"), Pattern.compile("IPP(\\d{5})"));
        String sent = code.replace('|', '\u001d');
        assertEquals(expected, text(reader.read(sent, id -> id.value().equals("88001"))));
    }

    private static String text(ScanCode code) {
        if (code instanceof ScanCode.Wristband wristband) {
            String authority = wristband.id().authority();
            return "patient " + wristband.id().value() + " " + (authority.isEmpty() ? "''" : authority);
        }
        if (code instanceof ScanCode.Device device) {
            return "device " + device.id();
        }
        return code instanceof ScanCode.Operator operator ? "operator " + operator.id() : "other";
    }

    @Test
    void codesInAnyPieces() {
        byte[] bytes = "one\rtwo\r\nthree\n\r\rfour".getBytes(StandardCharsets.ISO_8859_1);
        for (int size = 1; size <= bytes.length; size++) {
            ScanLines lines = new ScanLines();
            List<String> codes = new ArrayList<>();
            for (int from = 0; from < bytes.length; from += size) {
                byte[] chunk = java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
                codes.addAll(lines.onBytes(chunk, chunk.length, from));
            }
            assertEquals(List.of("one", "two", "three"), codes, "pieces of " + size);
        }
    }

    @Test
    void aCodeWithoutAnEndIsNotTheBeginningOfTheNext() {
        ScanLines lines = new ScanLines();
        assertEquals(List.of(), lines.onBytes(bytes("47"), 2, 0));
        assertEquals(List.of("11"), lines.onBytes(bytes("11\r"), 3, ScanLines.GAP_NS + 1));
        assertEquals(List.of(), lines.onBytes(bytes("x".repeat(513) + "\r"), 514, ScanLines.GAP_NS + 2));
        assertEquals(List.of("y".repeat(512)), lines.onBytes(bytes("y".repeat(512) + "\r"), 513, ScanLines.GAP_NS + 3));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Any bytes at all: nothing is thrown, and only whole codes of the known forms bind a patient. */
    @Test
    void garbageBindsNobody() {
        Random random = new Random(3);
        ScanCode.Reader reader = new ScanCode.Reader(Map.of("d", "d"), null);
        ScanLines lines = new ScanLines();
        for (int round = 0; round < 2_000; round++) {
            byte[] garbage = new byte[random.nextInt(700)];
            random.nextBytes(garbage);
            for (String code : lines.onBytes(garbage, garbage.length, round * S)) {
                assertEquals("other", text(reader.read(code, id -> false)), "round " + round + " of seed 3");
            }
        }
    }
}
