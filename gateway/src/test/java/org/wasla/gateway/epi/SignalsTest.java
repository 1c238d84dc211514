package org.wasla.gateway.epi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.epi.Signals.Signal;
import org.wasla.gateway.epi.Signals.Whose;
import org.wasla.gateway.render.Tree;

/** A signal is made of closed lists: what an analyser or a person wrote never comes into one. */
class SignalsTest {
    private static final LocalDate DAY = LocalDate.of(2026, 6, 16);
    private final Signals signals = new Signals("ma-06", "laboratory", ZoneId.of("Africa/Casablanca"));

    private static Tree tree(String json) throws IOException {
        return Tree.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private List<Signal> of(String fields, String results, Whose whose) throws IOException {
        return signals.of(
                tree(
                        "{\"k\":\"res\",\"id\":\"gw.e.lab.res.1\",\"dev\":\"lab\",\"t\":1781596804105,\"clk\":{\"s\":\"sync\"},"
                                + fields + "\"res\":[" + results + "]}"),
                whose);
    }

    private static @Nullable String classOf(String fields) throws IOException {
        return ResultClass.of(tree("{\"r\":\"X\"," + fields + "}"));
    }

    @Test
    void agesAreClasses() {
        assertEquals("0", AgeBand.of("2026-06-16", DAY));
        assertEquals("0", AgeBand.of("2025-06-17", DAY));
        assertEquals("1-4", AgeBand.of("20250616", DAY));
        assertEquals("25-44", AgeBand.of("1987-03-09", DAY));
        assertEquals("25-44", AgeBand.of("198703091200", DAY));
        assertEquals("80+", AgeBand.of("1946-06-16", DAY));
        assertEquals("65-79", AgeBand.of("1946-06-17", DAY));
        assertEquals("25-44", AgeBand.of("1987", DAY));
        assertEquals("45-64", AgeBand.of("1981-05", DAY));
        assertEquals("25-44", AgeBand.of("1981-07", DAY));
        // In the year or month of the border nobody knows.
        assertNull(AgeBand.of("1981", DAY));
        assertNull(AgeBand.of("1981-06", DAY));
        for (String none :
                List.of("", "1981-13-01", "1981-02-30", "x", "198", "2026-06-17", "1800-01-01", "19810", "0")) {
            assertNull(AgeBand.of(none, DAY), none);
        }
    }

    @Test
    void wordsComeBeforeFlagsAndFlagsBeforeRanges() throws IOException {
        assertEquals("negative", classOf("\"s\":\"Négatif\",\"fl\":\"H\""));
        assertEquals("negative", classOf("\"v\":0.15,\"i\":\"Negative\",\"s\":\"Negative^0.15\",\"fl\":\"N\""));
        assertEquals("positive", classOf("\"s\":\"DETECTED VERY LOW\""));
        assertEquals("positive", classOf("\"s\":\"++\""));
        assertEquals("negative", classOf("\"s\":\"Non-reactive\""));
        assertEquals("positive", classOf("\"s\":\"10828004^Positive^SCT\""));
        assertEquals("high", classOf("\"v\":12,\"fl\":\"H\",\"ref\":\"1-20\""));
        assertEquals("high", classOf("\"v\":12,\"fl\":\"H~A\""));
        assertEquals("critical-low", classOf("\"v\":1,\"fl\":\"LL\""));
        assertEquals("low", classOf("\"v\":3.9,\"ref\":\"4.00-10.00\""));
        assertEquals("normal", classOf("\"v\":4.0,\"ref\":\"4.00 to 10.00\""));
        assertEquals("high", classOf("\"v\":-1,\"ref\":\"-3--2\""));
        assertEquals("critical-high", classOf("\"v\":40,\"ref\":\"4-10\",\"crit\":\"1-30\""));
        assertEquals("resistant", classOf("\"s\":\">8\",\"fl\":\"R\""));
    }

    // No class is better than a wrong one.
    @Test
    void whatNobodyKnowsHasNoClass() throws IOException {
        for (String none : List.of(
                "\"v\":12",
                "\"v\":12,\"ref\":\"< 5\"",
                "\"v\":12,\"ref\":\"10-5\"",
                "\"v\":2,\"cmp\":\"<\",\"ref\":\"4-10\"",
                "\"v\":12,\"fl\":\"H L\"",
                "\"v\":12,\"fl\":\">\"",
                "\"v\":12,\"fl\":\"W\",\"ref\":\"4-10\"",
                "\"s\":\"positive for Mrs Example\"",
                "\"v\":0.75,\"i\":\"-1\",\"s\":\"-1^0.750\"",
                "\"s\":\"\"")) {
            assertNull(classOf(none), none);
        }
    }

    @Test
    void onlyConceptsOfTheCoreAreCodes() {
        assertEquals("112283007", Concept.of("112283007^Escherichia coli^SCT"));
        assertEquals("112283007", Concept.of("112283007^E. coli^SCT^1^x^L"));
        for (String none : List.of(
                "112283007",
                "112283008^wrong check digit^SCT",
                "112283007^Escherichia coli^L",
                "4711^somebody^SCT",
                "900000000000013009^a site's^L",
                // An extension's partition names who made it.
                "999000041000000102^an extension's^SCT")) {
            assertNull(Concept.of(none), none);
        }
    }

    @Test
    void aSignalHoldsNothingElse() throws IOException {
        Signal signal = of(
                        "\"sp\":\"S1\",\"ord\":\"O1\",\"loc\":\"lab\",\"note\":[\"Mrs Example\"],",
                        "{\"r\":\"600-7\",\"l\":\"600-7\",\"txt\":\"Mrs Example\",\"s\":\"112283007^Mrs Example^SCT\",\"fl\":\"A\",\"st\":\"F\"}",
                        new Whose("1987-03-09", "F"))
                .get(0);
        assertEquals(
                "{\"v\":1,\"id\":\"0f\",\"method\":\"wasla-epi@1\",\"region\":\"ma-06\",\"site\":\"laboratory\",\"wk\":\"2026-W25\","
                        + "\"l\":\"600-7\",\"cl\":\"abnormal\",\"sct\":\"112283007\",\"age\":\"25-44\",\"sex\":\"F\",\"least\":1}",
                signals.document(signal, "0f"));
        Signal least = of("", "{\"r\":\"HB\",\"l\":\"718-7\",\"v\":12}", new Whose("19", "O"))
                .get(0);
        assertEquals(
                "{\"v\":1,\"id\":\"0f\",\"method\":\"wasla-epi@1\",\"region\":\"ma-06\",\"wk\":\"2026-W25\",\"l\":\"718-7\",\"least\":1}",
                new Signals("ma-06", null, ZoneId.of("UTC")).document(least, "0f"));
        assertFalse((signal + "" + new Whose("1987-03-09", "F")).matches(".*(S1|1987|Mrs).*"));
    }

    @Test
    void aBoxWithoutTheTimeKnowsNoWeek() throws IOException {
        List<Signal> made = signals.of(
                tree("{\"k\":\"res\",\"id\":\"1\",\"dev\":\"lab\",\"t\":1781596804105,\"clk\":{\"s\":\"unsync\"},"
                        + "\"res\":[{\"r\":\"HB\",\"l\":\"718-7\",\"v\":12}]}"),
                new Whose("1987-03-09", "F"));
        assertNull(made.get(0).week());
        assertNull(made.get(0).age());
    }

    @Test
    void controlsImagesAndWhatIsNotFinalMakeNone() throws IOException {
        String good = "{\"r\":\"HB\",\"l\":\"718-7\",\"v\":12,\"st\":\"F\"}";
        assertEquals(1, of("\"sp\":\"S1\",", good, Whose.UNKNOWN).size());
        assertTrue(of("\"qc\":true,", good, Whose.UNKNOWN).isEmpty());
        assertTrue(of("\"exam\":{\"study\":\"1\"},", good, Whose.UNKNOWN).isEmpty());
        for (String none : List.of(
                "{\"r\":\"HB\",\"l\":\"718-7\",\"v\":12,\"st\":\"P\"}",
                "{\"r\":\"HB\",\"l\":\"718-7\",\"v\":12,\"st\":\"X\"}",
                "{\"r\":\"HB\",\"l\":\"718-7\",\"v\":12,\"q\":\"test\"}",
                "{\"r\":\"HB\",\"l\":\"718-7\",\"v\":12,\"q\":\"early\"}",
                "{\"r\":\"HB\",\"l\":\"718-7\",\"q\":\"na\",\"why\":\"x\"}",
                "{\"r\":\"HB\",\"l\":\"718-8\",\"v\":12}",
                "{\"r\":\"HB\",\"v\":12}",
                // What it corrects cannot be known without a specimen.
                "{\"r\":\"HB\",\"l\":\"718-7\",\"v\":12,\"st\":\"C\"}")) {
            assertTrue(of("", none, Whose.UNKNOWN).isEmpty(), none);
        }
    }

    // Text of a line comes here: nothing of it may end the keeper's round, and no text of it may come out.
    @Test
    void noiseMakesNoOtherText() throws IOException {
        Random random = new Random(11);
        String alphabet = "^~\\\\&|0123456789-+.<>HLNAPOSNEGsecret ";
        String known = "[a-z0-9\":,{}@WFM+-]*";
        for (int run = 0; run < 5_000; run++) {
            StringBuilder noise = new StringBuilder();
            for (int i = random.nextInt(24); i > 0; i--) {
                noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String text = noise.toString().replace("\\", "\\\\");
            String result = "{\"r\":\"" + text + "\",\"l\":\"718-7\",\"s\":\"" + text + "\",\"i\":\"" + text
                    + "\",\"fl\":\"" + text + "\",\"ref\":\"" + text + "\",\"v\":" + random.nextInt(99) + "}";
            for (Signal signal : of("\"sp\":\"" + text + "\",", result, new Whose(text, text))) {
                String document = signals.document(signal, "0f");
                assertTrue(document.matches(known) && !document.contains("secret"), "run " + run + ": " + document);
            }
        }
    }
}
