package org.wasla.gateway.acts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** An examination is one however often its study is opened; the same again within a month is what a payer asks about. */
class ExaminationsTest {
    private static final String CHEST =
            "\"mod\":\"CT SR\",\"ser\":[{\"mod\":\"CT\",\"body\":\"CHEST\"},{\"mod\":\"SR\"}]";
    private final Box box = new Box();

    private void event(String name, String study, String patient, String rest) {
        String whose = patient.isEmpty() ? "" : "\"pat\":{\"ref\":\"" + patient + "\",\"how\":\"study\",\"st\":\"F\"},";
        box.put(
                "dicom-ct1",
                "evt",
                whose + "\"e\":\"" + name + "\",\"study\":\"" + study + "\",\"acc\":\"A1\"," + rest);
    }

    private List<Act> closed(String study, String patient, String rest) {
        event("study-closed", study, patient, rest);
        return box.follow();
    }

    @Test
    void aClosedStudyIsOneActFromItsOpening() {
        event("study-opened", "2.25.1", "", CHEST);
        box.nowMs += 300_000;
        Act act = closed("2.25.1", "p:1", CHEST).get(0);
        assertEquals(Box.START_MS, act.extent().fromMs());
        assertEquals(Box.START_MS + 300_000, act.extent().toMs());
        assertEquals("CHEST", act.facts().get("body"));
        assertEquals("A1", act.facts().get("acc"));
        assertTrue(String.valueOf(act.event().fields().get("codes")).contains("X-3"));
        assertEquals(List.of(), closed("2.25.1", "p:1", CHEST), "a late object opened it once more");
    }

    @Test
    void theSameSoonAfterNamesTheEarlierOne() {
        Act first = closed("2.25.1", "p:1", CHEST).get(0);
        box.nowMs += 3_600_000;
        assertNull(closed("2.25.2", "p:2", CHEST).get(0).facts().get("dup"), "somebody else's");
        assertNull(closed("2.25.3", "p:1", CHEST.replace("CHEST", "HEAD"))
                .get(0)
                .facts()
                .get("dup"));
        assertNull(closed("2.25.4", "", CHEST).get(0).facts().get("dup"), "nobody is guessed");
        Act second = closed("2.25.5", "p:1", CHEST).get(0);
        assertEquals(first.id(), second.facts().get("dup"));
        box.save();
        box.crash();
        box.nowMs += 3_600_000;
        assertEquals(second.id(), closed("2.25.6", "p:1", CHEST).get(0).facts().get("dup"));
        box.nowMs += 86_400_001;
        assertNull(closed("2.25.7", "p:1", CHEST).get(0).facts().get("dup"), "long ago");
    }

    @Test
    void whatWasNotAcquiredIsNone() {
        assertEquals(List.of(), closed("2.25.1", "", "\"instances\":0,\"status\":\"discontinued\""));
        assertEquals(List.of(), closed("2.25.2", "", "\"instances\":1,\"mod\":\"SR\",\"ser\":[{\"mod\":\"SR\"}]"));
        Act act = closed("2.25.3", "", "\"instances\":4,\"status\":\"discontinued\"," + CHEST)
                .get(0);
        assertEquals("discontinued", act.facts().get("status"), "broken off, and yet it was done in part");
    }
}
