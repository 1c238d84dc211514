package org.wasla.gateway.acts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a laboratory is paid for is an analysis that was done, once: not a control, not a guess, not the same one again. */
class AnalysesTest {
    private static final String HGB =
            "\"n\":\"hgb\",\"r\":\"HGB\",\"l\":\"718-7\",\"v\":13.0,\"u\":\"g/dL\",\"st\":\"F\"";
    private final Box box = new Box();

    private List<Act> after(String specimen, String result) {
        box.result(specimen, result);
        return box.follow();
    }

    @Test
    void aFinalResultIsOneActWithTheSitesCodes() {
        Act act = after("S-1", HGB + ",\"dt\":\"2026-06-16T08:00:00\"").get(0);
        assertEquals(Act.Type.ANALYSIS, act.type());
        assertEquals("S-1", act.facts().get("sp"));
        assertEquals("test-acts@1", act.facts().get("table"));
        assertEquals("2026-06-16T08:00:00", act.from().deviceTime());
        String event = new String(Box.event(act, 1), StandardCharsets.UTF_8);
        assertTrue(event.contains("\"e\":\"act\""), event);
        assertTrue(event.contains("\"code\":\"X-1\""), event);
        assertTrue(event.contains("\"kind\":\"haematology analyser\""), event);
        assertTrue(event.contains("\"nums\":[{\"of\":\"lab.res\",\"from\":1,\"to\":1}]"), event);
        assertFalse(event.contains("repeat"), event);
    }

    @Test
    void withoutATableThereAreNoCodes() {
        Box bare = new Box(ActTable.NONE);
        bare.result("S-1", HGB);
        Act act = bare.follow().get(0);
        assertNull(act.facts().get("codes"));
        assertNull(act.facts().get("table"));
    }

    @Test
    void sentAgainItIsNoOtherAct() {
        String timed = HGB + ",\"dt\":\"2026-06-16T08:00:00\"";
        assertEquals(1, after("S-1", timed).size());
        box.nowMs += 86_400_000;
        assertEquals(List.of(), after("S-1", timed));
        assertEquals(1, after("S-2", HGB).size());
        assertEquals(List.of(), after("S-2", HGB), "the value stands for the time that is not told");
    }

    @Test
    void measuredAgainItIsARepeat() {
        Act first = after("S-1", HGB + ",\"dt\":\"2026-06-16T08:00:00\"").get(0);
        Act again = after("S-1", HGB + ",\"dt\":\"2026-06-16T08:20:00\"").get(0);
        assertEquals(true, again.facts().get("repeat"));
        assertNotEquals(first.id(), again.id());
        Act other = after(
                        "S-1", HGB.replace("718-7", "789-8").replace("HGB", "RBC") + ",\"dt\":\"2026-06-16T08:20:00\"")
                .get(0);
        assertNull(other.facts().get("repeat"), "another analysis of the same specimen");
    }

    @Test
    void aCorrectionIsNoAnalysis() {
        after("S-1", HGB);
        assertEquals(List.of(), after("S-1", HGB.replace("13.0", "12.6").replace("\"F\"", "\"C\"")));
        assertEquals(1, after("S-3", HGB.replace("\"F\"", "\"C\"")).size(), "its original was never seen");
    }

    @Test
    void whatIsNotDoneIsNone() {
        assertEquals(List.of(), after("S-1", HGB.replace("\"F\"", "\"P\"")));
        assertEquals(List.of(), after("S-1", HGB.replace(",\"st\":\"F\"", "")));
        assertEquals(List.of(), after("S-1", "\"r\":\"HGB\",\"st\":\"F\",\"q\":\"invalid\",\"why\":\"no-result\""));
        assertEquals(List.of(), after("S-1", HGB + ",\"q\":\"demo\""));
        box.put("lab", "res", "\"sp\":\"QC-1\",\"qc\":true,\"res\":[{" + HGB + "}]");
        assertEquals(List.of(), box.follow());
        assertEquals(1, after("S-1", HGB).size(), "then it is final");
    }

    @Test
    void whereNothingNamesTheSpecimenTheMessagesTimeDoes() {
        String body = "\"dt\":\"2026-06-16T08:0%d:00\",\"res\":[{" + HGB + "}]";
        box.put("lab", "res", String.format(body, 1));
        box.put("lab", "res", String.format(body, 2));
        box.put("lab", "res", String.format(body, 2));
        List<Act> acts = box.follow();
        assertEquals(2, acts.size());
        assertNull(acts.get(1).facts().get("repeat"), "of whom it was nobody knows");
    }

    // A record is ours, but the disk is a disk: what cannot be read costs one act and no device.
    @Test
    void aRecordCutAnywhereIsPassedOver() {
        box.result("S-9", HGB);
        byte[] whole = box.streams.getOrDefault("lab.res", List.of()).get(0);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertEquals(List.of(), new Acts(box.rules, "c81f2b7e").take("lab", "res", 1, cut, 0));
        }
        byte[] event = Box.event(box.follow().get(0), 1);
        for (int length = 0; length < event.length; length++) {
            new Acts(box.rules, "c81f2b7e").told(Arrays.copyOf(event, length));
        }
    }

    @Test
    void theOldestAreForgottenFirst() {
        Memory memory = new Memory();
        String first = Ids.of("0");
        memory.add(first);
        for (int i = 1; i <= Memory.KEYS_MAX; i++) {
            memory.add(i);
            if (i % 1_000 == 0) {
                memory.add(first);
            }
        }
        assertTrue(memory.knows(first), "it was seen now and then");
        assertEquals(Memory.KEYS_MAX, memory.keys().size());
    }
}
