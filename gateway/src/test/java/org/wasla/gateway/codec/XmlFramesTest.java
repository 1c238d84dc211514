package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Piece;

/** Documents without lengths on one connection: where one ends is all that keeps it from its neighbour (lab.md 2.6). */
class XmlFramesTest {
    private static final String FIRST = """
            <?xml version="1.0" encoding='utf-8'?>
            <!-- not </OBS.R01> --><OBS.R01><HDR><HDR.control_id V='1>2' W="/OBS.R01>"/></HDR>
            <X><![CDATA[</OBS.R01><?xml version="1.0"?><END.R01/>]]></X><?note </OBS.R01> ?><Y a="'">t</Y></OBS.R01>""";
    private static final String SECOND = "<END.R01><HDR><HDR.control_id V=\"2\"/></HDR></END.R01>";

    private static List<Piece> pieces(XmlFrames frames, String text, int chunk) {
        List<Piece> pieces = new ArrayList<>();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += chunk) {
            byte[] some = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + chunk));
            pieces.addAll(frames.put(some, some.length));
        }
        return pieces;
    }

    /** @return whole documents, and faults with their count */
    private static List<String> read(String text, int chunk) {
        XmlFrames frames = new XmlFrames(4_000);
        List<Piece> pieces = new ArrayList<>(pieces(frames, text, chunk));
        pieces.addAll(frames.flush());
        List<String> said = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Frame frame) {
                said.add(new String(frame.body().toArray(), StandardCharsets.UTF_8));
            } else if (piece instanceof Piece.Noise noise && noise.count() > 0) {
                said.add(noise.fault().counter());
            }
        }
        return said;
    }

    @Test
    void aDocumentEndsWithTheEndTagOfItsRootAndNowhereElse() {
        for (int chunk = 1; chunk < 400; chunk++) {
            assertEquals(List.of(FIRST, SECOND), read(FIRST + SECOND, chunk), "chunk " + chunk);
            assertEquals(List.of(FIRST, SECOND), read(" \r\n" + FIRST + "\r\n\u000b" + SECOND + "\u001c\r", chunk));
        }
        assertEquals(List.of("<END.R01/>", SECOND), read("<END.R01/>" + SECOND, 3));
        assertEquals(List.of("<END.R01 a='/'></END.R01 >"), read("<END.R01 a='/'></END.R01 >", 3));
    }

    /** A part that is lost costs its own document; the next is whole. */
    @Test
    void aCutAnywhereCostsItsOwnDocumentOnly() {
        String plain = "<?xml version=\"1.0\"?><OBS.R01><HDR><HDR.control_id V=\"1\"/></HDR><SVC> 5 </SVC></OBS.R01>";
        String next = "<?xml version=\"1.0\"?>" + SECOND;
        for (int cut = 1; cut < plain.length(); cut++) {
            for (String after : List.of(SECOND, next)) {
                List<String> said = read(plain.substring(0, cut) + after, 7);
                assertTrue(said.get(said.size() - 1).endsWith(SECOND), cut + ": " + said);
                said = read(plain.substring(cut) + after, 7);
                assertEquals(after, said.get(said.size() - 1), "without the first " + cut);
            }
        }
    }

    /** What does not end is given up, and does not fill the memory. */
    @Test
    void aDocumentWithoutAnEndIsGivenUp() {
        String endless = "<OBS.R01>" + "<X/>".repeat(2_000) + SECOND;
        List<String> said = read(endless, 100);
        assertEquals(List.of("overlong", SECOND), said.stream().distinct().toList());
        assertEquals(List.of("cut"), read("<OBS.R01><!-- " + SECOND, 5));
    }

    @Test
    void theEveryDayBytesBetweenAreNamed() {
        assertEquals(List.of("garbage", SECOND), read("\u0005\u0006 junk" + SECOND, 2));
        assertEquals(List.of("garbage", SECOND), read("<OBS.value V='1'/></OBS></SVC></OBS.R01>" + SECOND, 2));
    }

    @Test
    void anyBytesAreTakenWithoutAnException() {
        String letters = "<>/!?-[]CDATA\"'= \r\n&#;OBS.R01xml\u00e9";
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(seed % 2 == 0 ? FIRST : "<OBS.R01>");
            for (int i = 0; i < 60; i++) {
                text.insert(random.nextInt(text.length()), letters.charAt(random.nextInt(letters.length())));
            }
            List<String> whole = read(text.toString(), text.length());
            assertEquals(whole, read(text.toString(), 1), "seed " + seed);
        }
    }
}
