package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.AstmSpec;

/** How an analyser is told what is ordered: what is written is what holds, and each mistake is told with its remedy. */
class AstmReaderTest {
    private final Problems problems = new Problems();

    private AstmSpec read(String orders) {
        Section profile =
                Section.parse("p", "astm: {answer: 'H|\\^&|||lis', packing: 240, orders: {" + orders + "}}", problems);
        return (AstmSpec) AstmReader.read(profile.section("astm"), profile).talk();
    }

    private List<String> told() {
        return problems.list().stream().map(Object::toString).toList();
    }

    @Test
    void everySettingIsRead() {
        AstmSpec spec = read("specimen: 3, patient: 4, action: N, none: order, download: 'H|\\^&|||batch'");
        assertEquals(new AstmSpec.Answer("H|\\^&|||lis", 240, 3, 4, "N", true, "H|\\^&|||batch"), spec.answer());
        assertEquals(new AstmSpec.Answer("H|\\^&|||lis", 240), read("").answer());
        assertEquals(List.of(), told());
        assertTrue(spec.takesOrders());
        assertFalse(spec.listening().takesOrders());
    }

    @Test
    void mistakesAreToldAtOnce() {
        read("specimen: 0, patient: 6, action: Z, none: silence, download: 'P|1', unasked: true");
        String all = String.join("\n", told());
        for (String expected :
                List.of("specimen", "patient", "action is 'Z'", "none is 'silence'", "no header record", "unasked")) {
            assertTrue(all.contains(expected), expected + " in " + all);
        }
    }
}
