package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.codec.AstmLine.WHOLE;
import static org.wasla.gateway.codec.AstmLine.frame;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.Order.Patient;

/** What an analyser is told of the orders (lab.md 1.2), and orders that are sent unasked: whole, once, and never at its cost. */
class AstmOrdersTest {
    private static final String ACK = "\6";
    private static final String NAK = "\25";
    private static final String ENQ = "\5";
    private static final String EOT = "\4";
    private static final Patient ANNA = new Patient("4711", "CHU", "Te|st", "Anna", "1970-01-31", "F");
    private static final AstmSpec.Answer USUAL = new AstmSpec.Answer("H|\\^&|||wasla", 0);
    private static final AstmSpec.Answer SENDS =
            new AstmSpec.Answer("H|\\^&|||wasla", 0, 0, 3, "A", false, "H|\\^&|||batch");
    private static final String DOWNLOAD = "[1H|\\^&|||batch/]";

    private static AstmSpec spec(AstmSpec.Answer answer, Desk desk) {
        return new AstmSpec(AstmDialect.STANDARD, true, answer, desk, 600 * AstmLine.SECOND, false);
    }

    private static List<String> answer(AstmSpec.Answer how, String range, String tests, Order... orders) {
        return AstmOrders.answer(how, new AstmQuery(range, tests), List.of(orders));
    }

    @Test
    void thePatientStandsAboveTheOrdersAndTheInstrumentsPlaceIsGivenBack() {
        assertEquals(
                List.of(
                        "H|\\^&|||wasla",
                        "P|1|4711|||Te&F&st^Anna||19700131|F",
                        "O|1|S77|1^50001^5^^S1^SC|^^^GLU\\^^^K|R||||||A||||||||||||||Q",
                        "O|2|S77|1^50001^5^^S1^SC|^^^CRP|R||||||A||||||||||||||Q",
                        "L|1|N"),
                answer(
                        USUAL,
                        "^^S77^1^50001^5^^S1^SC",
                        "ALL",
                        Desk.order("1", "S77", ANNA, "GLU", "K"),
                        Desk.order("2", "S77", ANNA, "CRP")));
    }

    /** Delimiters are the header's (GeneXpert has {@code H|@^\\}): with others the tests would be one long code. */
    @Test
    void recordsAreWrittenWithTheDelimitersOfTheirHeader() {
        AstmSpec.Answer how = new AstmSpec.Answer("H|@^\\|||wasla", 0, 2, 4, "N", false, "");
        assertEquals(
                List.of(
                        "H|@^\\|||wasla",
                        "P|1||4711||Te\\F\\st^Anna||19700131|F",
                        "O|1|S77||^^^GLU@^^^K|R||||||N||||||||||||||Q",
                        "L|1|N"),
                answer(how, "4711^S77", "", Desk.order("1", "S77", ANNA, "GLU", "K")));
    }

    @Test
    void onlyTheTestsThatAreAskedForAreTold() {
        Order order = Desk.order("1", "S77", "GLU", "K");
        assertTrue(answer(USUAL, "S77", "^^^K~^^^NA", order).get(2).contains("|^^^K|"));
        assertEquals(List.of("H|\\^&|||wasla", "L|1|I"), answer(USUAL, "S77", "^^^NA", order));
    }

    /** Never silence: the analyser would wait, and its rack with it. */
    @Test
    void anUnknownTubeIsAnsweredAsTheInstrumentWantsIt() {
        AstmSpec.Answer how = new AstmSpec.Answer("H|\\^&", 0, 0, 3, "A", true, "");
        assertEquals(
                List.of("H|\\^&", "P|1", "O|1|S9|1^5" + "|".repeat(22) + "Y", "L|1|I"), answer(how, "^^S9^1^5", "ALL"));
        assertEquals(List.of("H|\\^&", "P|1", "O|1" + "|".repeat(24) + "Y", "L|1|I"), answer(how, "", "ALL"));
    }

    @Test
    void namesAreWrittenInTheCharacterSetOfTheProfile() {
        Patient name = new Patient("1", "", "\u00c9l\u00e9a", "\u0639", "", "");
        List<String> records = AstmOrders.download(SENDS, Desk.order("1", "S1", name, "K"));
        String latin = new String(AstmOrders.bytes(records, null), StandardCharsets.ISO_8859_1);
        assertTrue(latin.contains("\u00c9l\u00e9a^?\r"), latin);
        String utf8 = new String(AstmOrders.bytes(records, StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertTrue(utf8.contains("\u00c9l\u00e9a^\u0639\r"), utf8);
    }

    @Test
    void aQuestionForTwoTubesHasTwoAnswers() {
        AstmLine line = new AstmLine(spec(USUAL, new Desk(Desk.order("1", "S1", "K"))));
        line.hear(ENQ + frame(1, "H|\\^&\rQ|1|^S9\\^S1||ALL\rL|1|N\r") + EOT);
        line.hear(ACK).hear(ACK).hear(ACK);
        assertEquals("ACK ACK ENQ [1H|\\^&|||wasla/][2L|1|I/]EOT ENQ", line.said());
        line.hear(ACK).hear(ACK).hear(ACK);
        assertEquals("[1H|\\^&|||wasla/][2P|1/][3O|1|S1||^^^K|R||||||A||||||||||||||Q/]", line.said());
    }

    /** A result that comes twice counts once, and a question twice: the tube may have been ordered meanwhile. */
    @Test
    void aQuestionThatIsAskedAgainIsAnsweredAgain() {
        Desk desk = new Desk();
        AstmLine line = new AstmLine(spec(USUAL, desk));
        String question = ENQ + frame(1, "H|\\^&\rQ|1|S1||ALL\rL|1|N\r") + EOT;
        line.hear(question).hear(ACK).hear(ACK).hear(ACK);
        assertTrue(line.said().endsWith("[2L|1|I/]EOT"));
        desk.orders.add(Desk.order("1", "S1", "K"));
        line.hear(question).hear(ACK).hear(ACK).hear(ACK).hear(ACK).hear(ACK);
        assertTrue(line.said().endsWith("[4L|1|N/]EOT"));
    }

    @Test
    void anOrderIsSentUnaskedUntilItIsTaken() {
        Desk desk = new Desk();
        AstmLine line = new AstmLine(spec(SENDS, desk)).pass(30);
        assertEquals("", line.said());
        desk.orders.add(Desk.order("1", "S1", ANNA, "K"));
        assertEquals("ENQ", line.pass(1.1).said());
        line.hear(ACK).hear(ACK).hear(ACK).hear(ACK);
        assertEquals(
                DOWNLOAD + "[2P|1|4711|||Te&F&st^Anna||19700131|F/][3O|1|S1||^^^K|R||||||A||||||||||||||O/][4L|1|N/]",
                line.said());
        assertEquals(List.of(), desk.taken);
        assertEquals("EOT", line.hear(ACK).said());
        assertEquals(List.of("1"), desk.taken);
        assertEquals("", line.pass(600).said());
    }

    /** An instrument that refuses a frame gets that frame again and no other (lab.md 1.1, and a fault of a peer in 3). */
    @Test
    void aFrameRefusedSixTimesEndsTheTryAndTheOrderIsKept() {
        Desk desk = new Desk(Desk.order("1", "S1", "K"));
        AstmLine line = new AstmLine(spec(SENDS, desk)).pass(1).hear(ACK);
        for (int i = 0; i < 6; i++) {
            line.hear(NAK);
        }
        assertEquals("ENQ " + DOWNLOAD.repeat(6) + "EOT", line.said());
        assertEquals("", line.pass(59).said());
        assertEquals("ENQ", line.pass(2).said());
        line.hear(ACK).hear(NAK).hear(ACK).hear(ACK).hear(ACK).hear(ACK);
        assertTrue(line.said().startsWith(DOWNLOAD + DOWNLOAD + "[2P|1/]"));
        assertEquals(List.of("1"), desk.taken);
    }

    /** One order that the instrument will not have must not keep all others from it. */
    @Test
    void anOrderThatIsNotTakenLetsTheOthersPass() {
        Desk desk = new Desk(Desk.order("1", "S1", "K"), Desk.order("2", "S2", "K"), Desk.order("3", "S3", "K"));
        AstmLine line = new AstmLine(spec(SENDS, desk)).pass(1).hear(ACK);
        for (int i = 0; i < 6; i++) {
            line.hear(NAK);
        }
        line.pass(61);
        for (int order = 0; order < 2; order++) {
            line.hear(ACK).hear(ACK).hear(ACK).hear(ACK).hear(ACK).pass(0.1);
        }
        assertEquals(List.of("2", "3"), desk.taken);
        line.hear(ACK).hear(ACK).hear(ACK).hear(ACK).hear(ACK);
        assertEquals(List.of("2", "3", "1"), desk.taken);
        assertEquals("", line.pass(0).said().replaceAll("(?s).*EOT", ""));
    }

    @Test
    void theInstrumentSpeaksFirstAndWhatWasCancelledMeanwhileIsNotSent() {
        Desk desk = new Desk(Desk.order("1", "S1", "K"), Desk.order("2", "S2", "NA"));
        AstmLine line = new AstmLine(spec(SENDS, desk)).pass(1).hear(ENQ);
        desk.orders.remove(0);
        line.pass(1).hear(ENQ + frame(1, WHOLE) + EOT);
        assertEquals("ENQ ACK ACK ENQ", line.said());
        assertTrue(line.told().contains("results GLU=5.40"));
        line.hear(ACK).hear(ACK).hear(ACK);
        assertTrue(line.said().endsWith("[3O|1|S2||^^^NA|R||||||A||||||||||||||O/]"));
    }

    @Test
    void whatWasToldAsAnAnswerIsNotSentAgain() {
        Desk desk = new Desk(Desk.order("1", "S1", "K"));
        AstmLine line = new AstmLine(spec(SENDS, desk));
        line.hear(ENQ + frame(1, "H|\\^&\rQ|1|S1||ALL\rL|1|N\r") + EOT);
        line.hear(ACK).hear(ACK).hear(ACK).hear(ACK).hear(ACK);
        assertTrue(line.said().endsWith("[4L|1|N/]EOT"));
        assertEquals(List.of("1"), desk.taken);
        assertEquals("", line.pass(100).said());
    }

    @Test
    void whoOnlyListensSendsNothing() {
        Desk desk = new Desk(Desk.order("1", "S1", "K"));
        AstmLine line = new AstmLine(spec(SENDS, desk).listening());
        line.hear(ENQ + frame(1, "H|\\^&\rQ|1|S1||ALL\rL|1|N\r") + EOT).pass(100);
        assertEquals("", line.said());
    }
}
