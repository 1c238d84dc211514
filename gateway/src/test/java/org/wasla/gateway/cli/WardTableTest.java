package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What people look at in the demo, and what its verdict rests on. */
class WardTableTest {
    private static final String HEAD =
            "{\"v\":1,\"gw\":\"gw\",\"ep\":\"ep\",\"dev\":\"dicom-ct1\",\"t\":1000,\"k\":\"%s\",\"seq\":1,%s}";
    private final WardTable table = new WardTable();

    private void receive(String kind, String fields) {
        byte[] payload = HEAD.formatted(kind, fields).getBytes(StandardCharsets.UTF_8);
        table.record(Received.of(payload).orElseThrow());
    }

    private String row() {
        return table.lines(3_000).get(1);
    }

    /** A dose report has hundreds of items; its sums are what people look for. */
    @Test
    void aStudyIsShownWithItsProgressAndItsDose() {
        receive("evt", "\"e\":\"study-opened\",\"mod\":\"CT\",\"instances\":1");
        assertTrue(row().contains("opened") && row().contains("CT, 1 objects"), row());
        receive(
                "res",
                "\"exam\":{\"study\":\"1.2\"},\"res\":[{\"n\":\"procedure\",\"r\":\"DCM:121058\",\"s\":\"CT\"},"
                        + "{\"n\":\"events\",\"r\":\"DCM:113812\",\"v\":1,\"u\":\"{events}\"},"
                        + "{\"n\":\"dlp-total\",\"r\":\"DCM:113813\",\"v\":287.40,\"u\":\"mGy.cm\"},"
                        + "{\"r\":\"99X:1\",\"v\":3}]");
        assertFalse(table.hasClosedStudy("dicom-ct1"));
        receive("evt", "\"e\":\"study-closed\",\"mod\":\"CT SR\",\"instances\":25");
        assertTrue(table.hasClosedStudy("dicom-ct1"));
        assertTrue(table.hasTold("dicom-ct1", "dlp-total"));
        assertFalse(table.hasTold("dicom-ct1", "ctdi-vol"));
        assertFalse(table.hasTold("dicom-us1", "dlp-total"));
        assertEquals(
                "dicom-ct1      closed          3      0      2  nobody      CT SR, 25 objects   dlp-total 287.40 mGy.cm"
                        + "   events 1 {events}",
                row());
    }

    /** A study that nothing was measured in is one all the same. */
    @Test
    void aFigureWithoutAValueIsNotToldAndAnEventIsNoFigure() {
        receive("res", "\"exam\":{\"study\":\"1.2\"},\"res\":[{\"n\":\"lvef\",\"r\":\"LN:10230-1\",\"q\":\"na\"}]");
        assertFalse(table.hasTold("dicom-ct1", "lvef"));
        assertTrue(row().endsWith("nobody      "), row());
    }
}
