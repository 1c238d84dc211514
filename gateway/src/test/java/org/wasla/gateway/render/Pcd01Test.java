package org.wasla.gateway.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.v26.message.ORU_R01;
import ca.uhn.hl7v2.model.v26.segment.OBX;
import ca.uhn.hl7v2.util.Terser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values as IHE PCD-01 (Devices TF-2 appendix B): that the message says what the records say, and no more. */
class Pcd01Test {
    private static final long NOW_MS = 1_781_596_900_000L;
    private static final Pcd.Source SOURCE = new Pcd.Source(
            "chu-1",
            ZoneId.of("Africa/Casablanca"),
            "pulse oximeter",
            Map.of(150456, "MDC_PULS_OXIM_SAT_O2"),
            "HIS",
            "CHU");
    private static final String PATIENT =
            "\"pat\":{\"ref\":\"p:9f2c41d07ab35e18\",\"as\":\"a-81\",\"how\":\"scanned\",\"st\":\"F\"},";

    private static byte[] record(int seq, String rest) {
        return ("{\"v\":1,\"id\":\"gw-1.c81f2b7e.oxi.obs." + seq
                        + "\",\"gw\":\"gw-1\",\"ep\":\"c81f2b7e\",\"dev\":\"oxi\","
                        + "\"k\":\"obs\",\"seq\":" + seq + ",\"loc\":\"rea1/b07\",\"t\":"
                        + (1_781_596_804_105L + 1_000L * seq) + ","
                        + rest + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Pcd.Message message(byte[]... records) throws IOException {
        Pcd.Message message = Pcd01.message(List.of(records), SOURCE, NOW_MS);
        assertNotNull(message);
        return message;
    }

    private static Terser terser(Pcd.Message message) throws HL7Exception {
        return new Terser(Judge.parsed(message));
    }

    private static List<String> values(ORU_R01 read) throws HL7Exception {
        List<String> values = new ArrayList<>();
        for (var order : Judge.orders(read)) {
            for (OBX row : Judge.rows(order)) {
                if (!row.getObservationSubID().getValue().equals("1.0.0.0")) {
                    values.add(row.getObservationIdentifier().getIdentifier().getValue()
                            + '='
                            + Judge.value(row, 1)
                            + '@'
                            + order.getOBR().getObservationDateTime().getValue());
                }
            }
        }
        return values;
    }

    // Two texts, one value: 36.80 is not 36.8.
    @Test
    void numbersKeepTheirDigitsAndTimesTheirZone() throws IOException, HL7Exception {
        Pcd.Message message = message(record(1, "\"obs\":[{\"c\":150344,\"r\":\"T1\",\"v\":36.80,\"u\":\"Cel\"}]"));
        assertEquals(List.of("150344=36.80@20260616090005.105+0100"), values(Judge.parsed(message)));
        Terser hapi = terser(message);
        assertEquals("20260616090140.000+0100", hapi.get("/MSH-7"));
        assertEquals("UNICODE UTF-8", hapi.get("/MSH-18"));
        assertEquals("1.3.6.1.4.1.19376.1.6.1.1.1", hapi.get("/MSH-21-3"));
        assertEquals("HIS", hapi.get("/MSH-5"));
        assertEquals("oxi", hapi.get("/PATIENT_RESULT/ORDER_OBSERVATION/OBSERVATION(1)/OBX-18"));
        assertEquals("gw-1", hapi.get("/PATIENT_RESULT/ORDER_OBSERVATION/OBSERVATION(1)/OBX-18-2"));
    }

    @Test
    void aCodeHasItsReferenceIdAndTheDevicesOwnLabel() throws IOException, HL7Exception {
        Terser hapi = terser(
                message(record(1, "\"obs\":[{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\",\"v\":98,\"u\":\"%\"}]")));
        String place = "/PATIENT_RESULT/ORDER_OBSERVATION/OBSERVATION(1)/OBX-3-";
        List<String> parts = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            parts.add(hapi.get(place + i));
        }
        assertEquals(List.of("150456", "MDC_PULS_OXIM_SAT_O2", "MDC", "SPO2", "spo2", "99WASLA"), parts);
    }

    // Absent is never a zero: no OBX-5, status X, and OBX-8 says why (appendix B.8).
    @Test
    void whatWasNotMeasuredHasNoValue() throws IOException, HL7Exception {
        Pcd.Message message = message(record(
                1,
                "\"obs\":[{\"c\":149530,\"r\":\"BPM\",\"u\":\"/min\",\"q\":\"off\",\"why\":\"sensor-off\",\"w\":\"072\"},"
                        + "{\"c\":150456,\"r\":\"SPO2\",\"u\":\"%\",\"q\":\"ongoing\"},"
                        + "{\"c\":150344,\"r\":\"T\",\"v\":36.1,\"q\":\"questionable\"}]"));
        ORU_R01 read = Judge.parsed(message);
        List<OBX> rows = Judge.rows(Judge.orders(read).get(0));
        assertEquals("NAV", rows.get(1).getAbnormalFlags(0).getValue());
        assertEquals("X", rows.get(1).getObservationResultStatus().getValue());
        assertEquals(0, rows.get(1).getObservationValueReps());
        assertEquals("BUSY", rows.get(2).getAbnormalFlags(0).getValue());
        assertEquals("QUES", rows.get(3).getAbnormalFlags(0).getValue());
        assertEquals("36.1", Judge.value(rows.get(3), 1));
        assertFalse(Judge.text(message).contains("072"));
    }

    @Test
    void aPatientIsToldOnlyWhereTheRecordHasOne() throws IOException, HL7Exception {
        String one = "\"obs\":[{\"c\":147842,\"r\":\"HR\",\"v\":72,\"u\":\"/min\"}]";
        Terser nobodys = terser(message(record(1, one)));
        assertEquals(null, nobodys.get("/PATIENT_RESULT/PATIENT/PID-3"));
        assertEquals("Y", nobodys.get("/PATIENT_RESULT/PATIENT/PID-31"));
        Terser somebodys = terser(message(record(1, PATIENT + one)));
        assertEquals("p:9f2c41d07ab35e18", somebodys.get("/PATIENT_RESULT/PATIENT/PID-3"));
        assertEquals("chu-1", somebodys.get("/PATIENT_RESULT/PATIENT/PID-3-4"));
        assertEquals(null, somebodys.get("/PATIENT_RESULT/PATIENT/PID-31"));
        assertEquals("rea1", somebodys.get("/PATIENT_RESULT/PATIENT/VISIT/PV1-3"));
        assertEquals("b07", somebodys.get("/PATIENT_RESULT/PATIENT/VISIT/PV1-3-3"));
    }

    @Test
    void whateverADeviceWritesIsReadBackTheSame() throws IOException, HL7Exception {
        String odd = "a|b^c&d~e\\\\f \\u2082 \\u0645\\u0631\\u064a\\u0636";
        String text = "a|b^c&d~e\\f \u2082 \u0645\u0631\u064a\u0636";
        Terser hapi = terser(
                message(record(1, "\"obs\":[{\"r\":\"" + odd + "\",\"s\":\"" + odd + "\",\"m\":\"" + odd + "\"}]")));
        String place = "/PATIENT_RESULT/ORDER_OBSERVATION/OBSERVATION(1)/OBX-";
        for (String field : List.of("3-1", "5", "17-2")) {
            assertEquals(text, hapi.get(place + field), field);
        }
    }

    // HAPI leaves sequences in hex as they are; what matters is that no text can end a segment or the frame.
    @Test
    void noTextEndsASegmentOrTheFrame() throws IOException, HL7Exception {
        Pcd.Message message =
                message(record(1, "\"obs\":[{\"r\":\"X\",\"s\":\"a\\r\\nMSH|^~\\u000b\\u001c\\rOBX|9|\"}]"));
        OBX row = Judge.rows(Judge.orders(Judge.parsed(message)).get(0)).get(1);
        assertEquals("a\\X0D\\\\X0A\\MSH|^~\\X0B\\\\X1C\\\\X0D\\OBX|9|", Judge.value(row, 1));
        for (byte octet : message.body().toArray()) {
            assertTrue(octet < 0 || octet >= ' ' || octet == '\r', "a byte that would end the frame");
        }
    }

    @Test
    void ofSeveralRecordsEachValueIsToldOnceTheNewestAtItsOwnTime() throws IOException, HL7Exception {
        Pcd.Message message = message(
                record(1, "\"obs\":[{\"c\":150021,\"r\":\"S\",\"v\":121},{\"c\":147842,\"r\":\"HR\",\"v\":70}]"),
                record(2, "\"obs\":[{\"c\":147842,\"r\":\"HR\",\"v\":71}]"),
                record(3, "\"obs\":[{\"c\":147842,\"r\":\"HR\",\"q\":\"na\"}]"));
        assertEquals(
                List.of("150021=121@20260616090005.105+0100", "147842=@20260616090007.105+0100"),
                values(Judge.parsed(message)));
    }

    @Test
    void theSameRecordsHaveTheSameNumberWheneverTheyAreRendered() throws IOException {
        byte[] one = record(1, "\"obs\":[{\"r\":\"HR\",\"v\":71}]");
        byte[] two = record(2, "\"obs\":[{\"r\":\"HR\",\"v\":71}]");
        String number = message(one, two).controlId();
        Pcd.Message later = Pcd01.message(List.of(one, two), SOURCE, NOW_MS + 3_600_000);
        assertNotNull(later);
        assertEquals(number, later.controlId());
        assertEquals(20, number.length());
        assertNotEquals(number, message(one).controlId());
        assertNotEquals(number, message(two).controlId());
    }

    @Test
    void theDevicesOwnClockAndAClockThatNobodySetAreTold() throws IOException, HL7Exception {
        Pcd.Message message = message(
                record(
                        1,
                        "\"dt\":\"2026-06-16T08:00:04\",\"clk\":{\"s\":\"unsync\"},\"obs\":[{\"c\":147842,\"r\":\"HR\",\"v\":70}]"));
        List<OBX> rows = Judge.rows(Judge.orders(Judge.parsed(message)).get(0));
        assertEquals("20260616080004", Judge.value(rows.get(1), 1));
        assertEquals("532224", Judge.value(rows.get(2), 1));
        assertEquals("1.0.0.3", rows.get(3).getObservationSubID().getValue());
    }

    @Test
    void aBoundKeepsItsComparator() throws IOException, HL7Exception {
        Pcd.Message message = message(record(1, "\"obs\":[{\"r\":\"CRP\",\"cmp\":\"<\",\"v\":2.00,\"u\":\"mg/L\"}]"));
        OBX row = Judge.rows(Judge.orders(Judge.parsed(message)).get(0)).get(1);
        assertEquals("SN", row.getValueType().getValue());
        assertEquals("<", Judge.value(row, 1));
        assertEquals("2.00", Judge.value(row, 2));
    }

    @Test
    void whatIsNoRecordIsAnError() {
        assertThrows(IOException.class, () -> message("[1]".getBytes(StandardCharsets.UTF_8)));
    }
}
