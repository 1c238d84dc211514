package org.wasla.gateway.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.v26.segment.OBX;
import ca.uhn.hl7v2.util.Terser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Alarms as IHE PCD-04 (Devices TF-2 appendix B.8.5). */
class Pcd04Test {
    private static final Pcd.Source SOURCE =
            new Pcd.Source("chu-1", ZoneId.of("UTC"), "ventilator", Map.of(150456, "MDC_PULS_OXIM_SAT_O2"), "", "");

    private static Pcd.Message message(String start, String rest) throws IOException {
        String record = "{\"v\":1,\"id\":\"gw-1.c81f2b7e.oxi.alarm.7\",\"gw\":\"gw-1\",\"dev\":\"oxi\",\"k\":\"alarm\","
                + "\"seq\":7,\"t\":1781596804105,\"a\":\"spo2-low\",\"r\":\"ALARM\",\"txt\":\"SpO\u2082 | low\"," + rest
                + "}";
        Pcd.Message message = Pcd04.message(record.getBytes(StandardCharsets.UTF_8), start, SOURCE, 1_781_596_900_000L);
        assertNotNull(message);
        return message;
    }

    private static List<String> rows(Pcd.Message message) throws HL7Exception {
        List<String> rows = new ArrayList<>();
        for (OBX row : Judge.rows(Judge.orders(Judge.parsed(message)).get(0))) {
            rows.add(row.getObservationSubID().getValue()
                    + ' '
                    + row.getObservationIdentifier().getText().getValue()
                    + '='
                    + Judge.value(row, 1));
        }
        return rows;
    }

    @Test
    void anAlarmHasItsFacetsUnderOnePart() throws IOException, HL7Exception {
        Pcd.Message message = message(
                "",
                "\"phase\":\"start\",\"kind\":\"phys\",\"prio\":\"high\",\"state\":\"active\",\"lim\":\"<88\","
                        + "\"src\":{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\"}");
        assertEquals(
                List.of(
                        "1.0.0.0 MDC_DEV_SYS_PT_VENT_MDS=",
                        "1.0.0.1.1 MDC_EVT_ALARM=spo2-low",
                        "1.0.0.1.2 MDC_ATTR_ALERT_SOURCE=150456",
                        "1.0.0.1.3 MDC_ATTR_EVENT_PHASE=start",
                        "1.0.0.1.4 MDC_ATTR_ALARM_STATE=active",
                        "1.0.0.1.6 MDC_ATTR_ALARM_PRIORITY=PH",
                        "1.0.0.1.7 MDC_ATTR_ALERT_TYPE=SP"),
                rows(message));
        Terser hapi = new Terser(Judge.parsed(message));
        String order = "/PATIENT_RESULT/ORDER_OBSERVATION/";
        assertEquals("R40", hapi.get("/MSH-9-2"));
        assertEquals("ORU_R40", hapi.get("/MSH-9-3"));
        assertEquals("1.3.6.1.4.1.19376.1.6.1.4.1", hapi.get("/MSH-21-3"));
        assertEquals("196616", hapi.get(order + "OBR-4"));
        assertEquals("SpO\u2082 | low", hapi.get(order + "OBSERVATION(1)/OBX-5-2"));
        assertEquals("PH", hapi.get(order + "OBSERVATION(1)/OBX-8(0)"));
        assertEquals("SP", hapi.get(order + "OBSERVATION(1)/OBX-8(1)"));
        assertEquals("<88", hapi.get(order + "OBSERVATION(2)/OBX-7"));
        assertEquals(null, hapi.get(order + "OBR-29-2"));
    }

    @Test
    void anEndNamesTheRecordInWhichTheAlarmBegan() throws IOException, HL7Exception {
        Pcd.Message message = message(
                "gw-1.c81f2b7e.oxi.alarm.3",
                "\"phase\":\"end\",\"kind\":\"tech\",\"prio\":\"none\",\"state\":\"inactive\"");
        Terser hapi = new Terser(Judge.parsed(message));
        assertEquals("gw-1.c81f2b7e.oxi.alarm.3", hapi.get("/PATIENT_RESULT/ORDER_OBSERVATION/OBR-29-2"));
        assertEquals("gw-1.c81f2b7e.oxi.alarm.7", hapi.get("/PATIENT_RESULT/ORDER_OBSERVATION/OBR-3"));
    }

    // Nobody knows how an alarm goes on whose device is not heard any more: neither does the message.
    @Test
    void whatIsNotKnownIsNotAvailable() throws IOException, HL7Exception {
        Pcd.Message message = message("", "\"phase\":\"unknown\",\"kind\":\"adv\",\"prio\":\"none\"");
        for (OBX row : Judge.rows(Judge.orders(Judge.parsed(message)).get(0))) {
            String code = row.getObservationIdentifier().getIdentifier().getValue();
            if (List.of("68480", "68481", "68482").contains(code)) {
                assertEquals("NAV", row.getAbnormalFlags(0).getValue(), code);
                assertEquals("X", row.getObservationResultStatus().getValue(), code);
                assertEquals("", Judge.value(row, 1), code);
            }
        }
    }
}
