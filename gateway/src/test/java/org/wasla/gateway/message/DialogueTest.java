package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.wasla.gateway.message.Talks.QUIET;
import static org.wasla.gateway.message.Talks.SECOND;
import static org.wasla.gateway.message.Talks.captured;
import static org.wasla.gateway.message.Talks.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Dialogue.Request;
import org.wasla.gateway.message.Variable.Form;
import org.wasla.gateway.message.Variable.Origin;

/** What a gateway says to its device, told as one text a moment: sends as they are, answers as kept/refused. */
class DialogueTest {
    private static final long MS = 1_000_000;

    private static String told(List<Action> actions) {
        List<String> told = new ArrayList<>();
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                told.add(send.bytes().latin1());
            } else if (action instanceof Action.Report report) {
                told.add("!" + report.fault().counter());
            } else if (action instanceof Action.Deliver deliver
                    && deliver.ifKept().size() + deliver.ifRefused().size() > 0) {
                told.add(deliver.ifKept().latin1() + "/" + deliver.ifRefused().latin1());
            }
        }
        return String.join(" ", told);
    }

    private static String bytes(Exchange exchange, String text, long nowNs) {
        byte[] bytes = Bytes.latin1(text).toArray();
        return told(exchange.onBytes(bytes, bytes.length, nowNs));
    }

    private static String time(Exchange exchange, long nowNs) {
        return told(exchange.onTime(nowNs));
    }

    private static Talks threeSteps() {
        return new Talks()
                .init(
                        request("one", "ok", 2 * SECOND, 1, 200 * MS),
                        request(null, "id", 2 * SECOND, 0, 0),
                        request("go", "", 0, 0, SECOND))
                .ask(request("ask", "row", 3 * SECOND, 0, 0), 10 * SECOND);
    }

    /** Facts 2.3 and 2.15: each step waits for its answer, then 200 ms, and one only listens. */
    @Test
    void stepsGoInOrderAndPausesAreKept() {
        Exchange exchange = new Exchange(threeSteps().spec(), 0);
        assertEquals("one", time(exchange, 0));
        assertEquals("", bytes(exchange, "ID=early\nV=1\nnoise", SECOND));
        assertEquals("!format", bytes(exchange, "\nOK\nOK\n", SECOND));
        assertEquals(200 * MS, exchange.waitNs(SECOND));
        assertEquals("", time(exchange, SECOND + 200 * MS));
        assertEquals("go", bytes(exchange, "ID=x\n", 2 * SECOND));
        assertEquals(SECOND, exchange.waitNs(2 * SECOND));
        assertEquals("", time(exchange, 3 * SECOND - 1));
        assertEquals("ask", time(exchange, 3 * SECOND));
    }

    @Test
    void aStepThatIsNotAnsweredIsRepeatedThenAllStartAnew() {
        Exchange exchange = new Exchange(threeSteps().spec(), 0);
        assertEquals("one", time(exchange, 0));
        assertEquals("!timeout one", time(exchange, 2 * SECOND));
        bytes(exchange, "OK\n", 3 * SECOND);
        time(exchange, 3 * SECOND + 200 * MS);
        assertEquals("!timeout", time(exchange, 6 * SECOND));
        assertEquals(5 * SECOND, exchange.waitNs(6 * SECOND));
        assertEquals("", bytes(exchange, "OK\nID=x\n", 8 * SECOND));
        assertEquals("one", time(exchange, 11 * SECOND));
    }

    /** Without bytes a busy line would never let a question run out. */
    @Test
    void aQuestionRunsOutOnALineThatBabbles() {
        Exchange exchange = new Exchange(
                new Talks().ask(request("a", "row", SECOND, 1, 0), 9 * SECOND).spec(), 0);
        assertEquals("a", bytes(exchange, "x", 0));
        assertEquals("!timeout a", bytes(exchange, "x", SECOND));
        assertEquals("!timeout", bytes(exchange, "x", 2 * SECOND));
        assertEquals("!format", bytes(exchange, "\n", 3 * SECOND));
    }

    @Test
    void aSilentDeviceAndOneThatSaysSoAreStartedAnew() {
        Exchange exchange = new Exchange(threeSteps().spec(), 0);
        time(exchange, 0);
        bytes(exchange, "OK\n", 0);
        time(exchange, SECOND);
        assertEquals("go", bytes(exchange, "ID=x\n", SECOND));
        assertEquals("ask", time(exchange, 2 * SECOND));
        assertEquals("", bytes(exchange, "RESET\n", 2 * SECOND));
        bytes(exchange, "V=1\n", 3 * SECOND);
        assertEquals("one", bytes(exchange, "RESET\nRESET\n", 6 * SECOND));
        bytes(exchange, "OK\n", 6 * SECOND);
        time(exchange, 7 * SECOND);
        assertEquals("go", bytes(exchange, "ID=x\n", 7 * SECOND));
        assertEquals("ask", time(exchange, 10 * SECOND));
        assertEquals("!timeout", time(exchange, 13 * SECOND));
        assertEquals("ask", time(exchange, 20 * SECOND));
        assertEquals("!timeout one", time(exchange, 7 * SECOND + QUIET));
    }

    @Test
    void onlyItsOwnMessageAnswersAQuestionAndALateOneChangesNothing() {
        Exchange exchange = new Exchange(
                new Talks()
                        .ask(request("a", "row", 3 * SECOND, 1, 0), 10 * SECOND)
                        .ask(request("b", "ok", 3 * SECOND, 0, 0), 10 * SECOND)
                        .spec(),
                0);
        assertEquals("a", time(exchange, 0));
        assertEquals("", bytes(exchange, "OK\n", SECOND));
        assertEquals("!timeout a", time(exchange, 3 * SECOND));
        assertEquals("b", bytes(exchange, "V=1\n", 4 * SECOND));
        assertEquals("", bytes(exchange, "V=1\nV=1\n", 5 * SECOND));
        assertEquals("!timeout", time(exchange, 7 * SECOND));
        assertEquals("", bytes(exchange, "OK\n", 8 * SECOND));
        assertEquals("a", time(exchange, 10 * SECOND));
    }

    /** A question that comes round all the time must not keep the others from being asked. */
    @Test
    void questionsTakeTurns() {
        Exchange exchange = new Exchange(
                new Talks()
                        .ask(request("a", "", SECOND, 0, 0), 1)
                        .ask(request("b", "", SECOND, 0, 0), 1)
                        .spec(),
                0);
        assertEquals("a", time(exchange, 0));
        assertEquals("b", bytes(exchange, "OK\n", SECOND / 2));
        assertEquals("a", bytes(exchange, "OK\n", SECOND));
    }

    /** Facts 2.1: a poll for ten minutes is renewed after nine; what it brings comes by itself. */
    @Test
    void aSubscriptionIsRenewedBeforeItRunsOut() {
        long minute = 60 * SECOND;
        Exchange exchange = new Exchange(
                new Talks()
                        .ask(request("sub", "row", 5 * SECOND, 2, 0), 9 * minute)
                        .spec(),
                0);
        assertEquals("sub", time(exchange, 0));
        for (long nowNs = SECOND; nowNs < 9 * minute; nowNs += SECOND) {
            assertEquals("", bytes(exchange, "V=1\n", nowNs));
        }
        assertEquals("sub", bytes(exchange, "V=1\n", 9 * minute));
    }

    /** Facts 2.2: every second, or the monitor closes; whether a question is open or not. */
    @Test
    void keepAlivesGoOutAtTheirPeriod() {
        Exchange exchange = new Exchange(
                new Talks()
                        .ask(request("a", "row", 5 * SECOND, 0, 0), 60 * SECOND)
                        .keepAlive("alive", SECOND, false)
                        .spec(),
                0);
        assertEquals("a alive", time(exchange, 0));
        assertEquals(SECOND, exchange.waitNs(0));
        assertEquals("alive", time(exchange, SECOND));
        assertEquals("alive", bytes(exchange, "V=1\n", 3 * SECOND + 1));
        assertEquals("", time(exchange, 4 * SECOND - 1));
        assertEquals("alive", time(exchange, 4 * SECOND));
    }

    @Test
    void anIdleKeepAliveCountsFromWhateverWasSent() {
        Exchange exchange = new Exchange(
                new Talks()
                        .ask(request("a", "row", 5 * SECOND, 0, 0), 7 * SECOND)
                        .keepAlive("nop", 4 * SECOND, true)
                        .reply("enq", "dc4", null)
                        .spec(),
                0);
        assertEquals("a", time(exchange, 0));
        assertEquals("", bytes(exchange, "V=1\n", SECOND));
        assertEquals("nop", time(exchange, 4 * SECOND));
        assertEquals("dc4/dc4", bytes(exchange, "ENQ\n", 5 * SECOND));
        assertEquals("a", time(exchange, 7 * SECOND));
        assertEquals("nop", time(exchange, 11 * SECOND));
    }

    /** Facts 2.8 and 2.10: an acknowledgement means that the records are on the disk. */
    @Test
    void recordsAreAcknowledgedOnlyOnceKeptAndQuestionsInAnyCase() {
        Exchange exchange = new Exchange(
                new Talks()
                        .reply("row", "ack", "nak")
                        .reply("page", "ok", null)
                        .reply("enq", "dc4{code}", null)
                        .spec(),
                0);
        assertEquals("ack/nak", bytes(exchange, "V=1\n", 0));
        assertEquals("ok/", bytes(exchange, "P=1\n", 0));
        // A field of the message itself may be named; where it is missing no half answer goes out.
        assertEquals("dc4Z/dc4Z", bytes(exchange, "ENQZ\n", 0));
        assertEquals("", bytes(exchange, "ENQ\nOK\n", 0));
    }

    @Test
    void skippedMessagesPublishNothingThoughTheirFieldsServe() {
        Exchange exchange =
                new Exchange(new Talks().reply("id", "hello {id}", null).spec(), 0);
        byte[] bytes = Bytes.latin1("ID=evita\n").toArray();
        Bytes hello = Bytes.latin1("hello evita");
        assertEquals(
                List.of(new Action.Deliver(new Message("id", List.of()), 9, hello, hello)),
                exchange.onBytes(bytes, bytes.length, 0));
    }

    /** Facts 2.3 (echo of unknown commands) and 2.10 (NAK = again). Two ends that refuse each other must fall silent. */
    @Test
    void unknownAndDamagedFramesAreAnsweredButNotForEver() {
        Exchange exchange = new Exchange(new Talks().unknown("?").damaged("nak").spec(), 0);
        assertEquals("!format ?", bytes(exchange, "what\n", 0));
        assertEquals("!count nak", bytes(exchange, "C3,ab\n", 0));
        assertEquals("!count nak", bytes(exchange, "C3,ab\n", 0));
        assertEquals("!count", bytes(exchange, "C3,ab\n", 0));
        assertEquals("!format", bytes(exchange, "what\n", 0));
        assertEquals("!count nak", bytes(exchange, "C3,abc\nC3,ab\n", 0));
    }

    /** Facts 2.10: pages are asked for one by one, each once the one before is kept; the question stays open. */
    @Test
    void anAnswerOfManyPagesIsAskedForToItsLast() {
        Request pages = new Request(Template.parse("get"), Set.of("last"), Set.of("page"), 3 * SECOND, 0, 0);
        Exchange exchange = new Exchange(
                new Talks()
                        .ask(pages, 60 * SECOND)
                        .ask(request("other", "ok", SECOND, 0, 0), 60 * SECOND)
                        .reply("page", "next {page}", "again")
                        .spec(),
                0);
        assertEquals("get", time(exchange, 0));
        for (int page = 1; page < 8; page++) {
            assertEquals("next " + page + "/again", bytes(exchange, "P=" + page + "\n", page * (2 * SECOND)));
        }
        assertEquals("other", bytes(exchange, "L=8\n", 16 * SECOND));
    }

    @Test
    void aPageThatNeverComesEndsTheQuestion() {
        Request pages = new Request(Template.parse("get"), Set.of("last"), Set.of("page"), 3 * SECOND, 0, 0);
        Exchange exchange = new Exchange(new Talks().ask(pages, 60 * SECOND).spec(), 0);
        time(exchange, 0);
        bytes(exchange, "P=1\n", 2 * SECOND);
        assertEquals("", time(exchange, 5 * SECOND - 1));
        assertEquals("!timeout", time(exchange, 5 * SECOND));
    }

    @Test
    void valuesAreCapturedNumberedAndChecked() {
        Variable number = new Variable("nr", new Origin.Counted(9, 10), new Form(Form.Type.TEXT, 3));
        Variable binary = new Variable("bin", new Origin.Counted(0x4142, 0x4142), new Form(Form.Type.U2LE, 0));
        Exchange exchange = new Exchange(
                new Talks()
                        .init(request("who", "id", SECOND, 0, 0))
                        .ask(request("{{{dev} {nr}{nr}{bin}{check}", "row", SECOND, 0, 0), SECOND)
                        .variables(captured("dev", "id", "id", null), number, binary)
                        .check(new SendCheck(SendCheck.Kind.SUM8, SendCheck.Form.HEX, 0))
                        .spec(),
                0);
        assertEquals("who", time(exchange, 0));
        assertEquals("{x 009009BAC8", bytes(exchange, "ID=x\n", 0));
        bytes(exchange, "V=1\n", 0);
        assertEquals("{x 010010BAB8", time(exchange, SECOND));
        // Longer than its limit: the name stays what it was.
        bytes(exchange, "V=1\nID=waytoolong\n", SECOND);
        assertEquals("{x 009009BAC8", time(exchange, 2 * SECOND));
    }

    /** Half a question could mean another one: without its value it is not sent, and its answer is missed as ever. */
    @Test
    void whatLacksAValueIsNotSent() {
        Exchange exchange = new Exchange(
                new Talks()
                        .ask(request("a {dev}", "row", SECOND, 0, 0), 2 * SECOND)
                        .keepAlive("k {dev}", SECOND, true)
                        .variables(captured("dev", "id", "id", null))
                        .spec(),
                0);
        assertEquals("", time(exchange, 0));
        assertEquals("!timeout", time(exchange, SECOND));
        assertEquals(SECOND, exchange.waitNs(SECOND));
        assertEquals("a x", bytes(exchange, "ID=x\n", 2 * SECOND));
        assertEquals("!timeout k x", time(exchange, 3 * SECOND));
    }

    /** Facts 2.3 (NOP: 1B 30 "4B"), 2.15 (XOR), 2.9 (inverted sum without the start mark), 2.10 (61 = five digits). */
    @Test
    void checksAreThoseOfTheDevices() {
        assertEquals("4B", new SendCheck(SendCheck.Kind.SUM8, SendCheck.Form.HEX, 0).of("\u001b0"));
        assertEquals("\u0003", new SendCheck(SendCheck.Kind.XOR8, SendCheck.Form.BYTE, 1).of("\u0085\u0002\u0001"));
        assertEquals("BA", new SendCheck(SendCheck.Kind.INVERTED_SUM8, SendCheck.Form.HEX, 1).of("\u0002E"));
        SendCheck space = new SendCheck(SendCheck.Kind.SUM8, SendCheck.Form.DECIMAL, 0);
        assertEquals("00061", space.of("\u000100031\u00021/1/1>ADMIN:ALIVE\u0003"));
    }
}
