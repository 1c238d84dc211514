package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.IntellivueWire.Carrier;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Action.Report;
import org.wasla.gateway.message.Action.Send;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.simulator.IntellivueSimulator;

/** The talk with a monitor (bedside.md 2.1), with a clock that only the test moves. */
class IntellivueTalkTest {
    private static final long MS = 1_000_000;
    private static final IntellivueSpec SPEC = new IntellivueSpec(List.of(0x20100, 0x24BB4), Map.of());
    private static final Bytes ACCEPT = Bytes.hex("0E04 05020102");
    private static final Bytes REFUSE = Bytes.hex("0C04 05020102");
    private static final Bytes ABORT = Bytes.hex("1904 05020102");
    private static final Bytes CREATED = Bytes.hex(
            "E1000002 0001 001E 0007 0001 0018 0021 0000 0000 001DC200 0D06 000A" + "0021 0000 0000 0000 0000");
    private final IntellivueWire wire = new IntellivueWire(Carrier.RS232);

    private static Bedside bedside(IntellivueSpec spec) {
        return new Bedside(spec.open(0), new IntellivueSimulator(0));
    }

    private List<Action> hear(Talk talk, Bytes unit, long nowMs) {
        Bytes frame = wire.wrap(unit);
        return talk.onBytes(frame.toArray(), frame.size(), nowMs * MS);
    }

    /** The units in what was sent, opened. */
    private static List<String> units(List<Action> actions) {
        return actions.stream()
                .filter(Send.class::isInstance)
                .map(action -> unit(((Send) action).bytes()))
                .toList();
    }

    private static String unit(Bytes frame) {
        List<Piece> pieces = new IntellivueWire(Carrier.EITHER).put(frame.toArray(), frame.size());
        assertEquals(1, pieces.size());
        return ((Piece.Frame) pieces.get(0)).body().toString();
    }

    /** A talk that was accepted and told what the monitor is at 0 ms. */
    private Talk open(IntellivueSpec spec) {
        Talk talk = spec.open(0);
        talk.onTime(0);
        hear(talk, ACCEPT, 0);
        hear(talk, CREATED, 0);
        return talk;
    }

    @Test
    void theAssociationRequestIsTheOneOfThePublicReaders() {
        String request = units(SPEC.open(0).onTime(0)).get(0);
        assertTrue(
                request.startsWith("0d" + "ec" + "05081301001601028000140200" + "02" + "c1" + "dc" + "3180a080"),
                request);
        String user = "8000000040000000000000008000000020000000" + "00000000" + "0001002c" + "00010028" + "80000000"
                + "00000fa0" + "000003e4000003e4ffffffff60000000" + "0001000cf0010008" + "8e00000000000000";
        assertTrue(request.endsWith("0201028148" + user + "00".repeat(16)), request);
    }

    /** The bytes of the fact sheet, but for the numbers that count up. */
    @Test
    void theRequestsAreThoseOfTheFactSheet() {
        Talk talk = SPEC.open(0);
        talk.onTime(0);
        hear(talk, ACCEPT, 0);
        List<Action> first = hear(talk, CREATED, 0);
        assertEquals(
                "e10000020002001400070001000e00210000" + "0000001dc2000d060000",
                unit(((Deliver) first.get(0)).ifKept()));
        assertEquals(
                List.of(
                        "e1000002000100260001000500200021" + "000000000000000000010012" + "0000f23a000c0002000800020100"
                                + "00024bb4",
                        "e1000002000100280002000700220021" + "0000000000000000f13b00140001000100060000"
                                + "00010008f13e0004" + "00493e00"),
                units(first));
        List<String> later = units(talk.onTime(200 * MS));
        assertTrue(later.get(0).contains("00010036" + "0801"), "alarms are asked for");
        assertTrue(later.get(1).contains("00010009" + "0000"), "waves are asked for");
        hear(talk, CREATED, 4_000);
        assertEquals(
                "e10000020001001c0005000700160021" + "00000000000000000c16000800040001" + "0021080c",
                units(talk.onTime(8_100 * MS)).get(0));
        assertEquals(
                "0918c11661803080020101a0806280800100" + "0000000000000000",
                units(talk.onTime(9_100 * MS)).get(0));
    }

    @Test
    void aMonitorIsReadWithinASecond() {
        Bedside bedside = bedside(SPEC).run(1_500);
        assertEquals(List.of(), bedside.reports);
        assertEquals("Philips M8000", bedside.heard("monitor").get(0).message().text("model"));
        assertEquals("95", bedside.heard("numerics").get(0).message().text("19384"));
        assertWave("250", 64, bedside.heard("waves").get(0).message().fields().get(1));
        assertWave("62.5", 16, bedside.heard("waves").get(0).message().fields().get(3));
        Alarms technical =
                (Alarms) bedside.heard("alarms").get(0).message().fields().get(2);
        assertEquals("CO\u2082 NO SENSOR", technical.alarms().get(0).text());
    }

    private static void assertWave(String hz, int count, Field field) {
        Samples samples = (Samples) field;
        assertEquals(hz, Objects.requireNonNull(samples.scale()).hz());
        assertEquals(count, samples.values().size());
    }

    /** Facts 2.1: polls end after ten minutes, and a silent client is dropped. */
    @Test
    void anHourGoesByWithoutAHole() {
        Bedside bedside = bedside(SPEC).run(3_600_000);
        assertEquals(List.of(), bedside.reports);
        assertTrue(bedside.longestMs("numerics") <= 1_100, "numerics " + bedside.longestMs("numerics"));
        assertTrue(bedside.longestMs("waves") <= 300, "waves " + bedside.longestMs("waves"));
        assertTrue(bedside.longestMs("alarms") <= 2_300, "alarms " + bedside.longestMs("alarms"));
        assertTrue(bedside.heard("waves").stream()
                .flatMap(heard -> heard.message().fields().stream())
                .allMatch(field ->
                        !(field instanceof Samples samples) || samples.gaps().isEmpty()));
        for (int i = 1; i < bedside.sent.size(); i++) {
            assertTrue(bedside.sent.get(i).atMs() - bedside.sent.get(i - 1).atMs() <= 4_001, "silent before " + i);
        }
    }

    /** The monitor takes four frames in 128 ms; further ones are lost without a word. */
    @Test
    void noMoreThanFourFramesGoOutIn128Milliseconds() {
        Bedside bedside =
                bedside(SPEC).run(5_000).cut(true).run(7_000).cut(false).run(10_000);
        for (int i = 4; i < bedside.sent.size(); i++) {
            assertTrue(bedside.sent.get(i).atMs() - bedside.sent.get(i - 4).atMs() >= 128, "five frames at " + i);
        }
    }

    @Test
    void aCableThatIsPulledAndPutBackCostsAFewSeconds() {
        for (long pulledMs : new long[] {1_000, 6_000, 9_000, 60_000}) {
            Bedside bedside = bedside(SPEC).run(5_000).cut(true).run(pulledMs).cut(false);
            int before = bedside.heard("numerics").size();
            bedside.run(4_000);
            assertTrue(bedside.heard("numerics").size() >= before + 6, "after " + pulledMs + " ms");
        }
    }

    /** What the monitor measured while nobody heard it is missing, and the record must show how much. */
    @Test
    void wavesGoOnBehindTheirGap() {
        Bedside bedside =
                bedside(SPEC).run(5_000).cut(true).run(1_000).cut(false).run(2_000);
        List<Integer> missing = bedside.heard("waves").stream()
                .flatMap(heard -> heard.message().fields().stream())
                .filter(field ->
                        field instanceof Samples samples && samples.name().equals("258"))
                .flatMap(field -> ((Samples) field).gaps().stream())
                .map(gap -> gap.count())
                .toList();
        assertEquals(1, missing.size());
        assertTrue(missing.get(0) % 64 == 0 && Math.abs(missing.get(0) - 250) <= 64, "missing " + missing);
    }

    @Test
    void nobodyThereIsAskedEveryTwoSeconds() {
        Talk talk = SPEC.open(0);
        assertEquals(1, talk.onTime(0).size());
        assertEquals(2_000 * MS, talk.waitNs(0));
        assertEquals(List.of(), talk.onTime(1_999 * MS));
        assertEquals(1, talk.onTime(2_000 * MS).size());
        assertFalse(talk.isSilent(4_999 * MS));
        assertTrue(talk.isSilent(5_000 * MS));
        assertEquals(1, talk.onTime(60_000 * MS).size());
    }

    @Test
    void aRefusalIsCountedAndTheMonitorAskedAgain() {
        Talk talk = SPEC.open(0);
        talk.onTime(0);
        assertEquals(List.of(new Report(Fault.REFUSED, 1, 0)), hear(talk, REFUSE, 1_000));
        assertEquals(List.of(), talk.onTime(2_999 * MS));
        assertTrue(units(talk.onTime(3_000 * MS)).get(0).startsWith("0d"));
        assertTrue(talk.isSilent(6_000 * MS), "a monitor that refuses is not linked");
    }

    @Test
    void anAbortBeginsTheAssociationAnew() {
        Talk talk = open(SPEC);
        assertEquals(List.of(new Report(Fault.REFUSED, 1, 0)), hear(talk, ABORT, 1_000));
        assertEquals(List.of(), talk.onTime(1_200 * MS));
        assertTrue(units(talk.onTime(3_000 * MS)).get(0).startsWith("0d"));
    }

    /** The accept may be lost on the line, and the monitor then waits for the answer to what it said next. */
    @Test
    void theEventOpensTheAssociationToo() {
        Talk talk = SPEC.open(0);
        talk.onTime(0);
        assertEquals(3, hear(talk, CREATED, 100).size(), "the event with its answer, and two requests in the pace");
    }

    /** Its frame may be damaged, and nothing is sent again on this line. */
    @Test
    void anAcceptWithoutTheEventIsGivenUp() {
        Talk talk = SPEC.open(0);
        talk.onTime(0);
        hear(talk, ACCEPT, 1_000);
        assertEquals(5_000 * MS, talk.waitNs(1_000 * MS));
        assertEquals(List.of(), talk.onTime(5_999 * MS));
        hear(talk, ACCEPT, 5_999);
        assertEquals(new Report(Fault.TIMEOUT, 1, 0), talk.onTime(6_000 * MS).get(0));
    }

    @Test
    void fiveSecondsWithoutAUnitLoseTheAssociation() {
        Talk talk = open(SPEC);
        talk.onTime(200 * MS);
        talk.onTime(4_300 * MS);
        List<Action> lost = talk.onTime(5_000 * MS);
        assertEquals(new Report(Fault.TIMEOUT, 1, 0), lost.get(0));
        assertEquals(
                List.of("09", "0d"),
                units(lost).stream().map(unit -> unit.substring(0, 2)).toList());
    }

    @Test
    void aListenerSendsNothing() {
        Talk talk = SPEC.over(false).listening().open(0);
        assertEquals(List.of(), talk.onTime(0));
        hear(talk, ACCEPT, 10);
        Deliver event = (Deliver) hear(talk, CREATED, 20).get(0);
        assertEquals(Bytes.NONE, event.ifKept());
        assertEquals(List.of(), talk.onTime(60_000 * MS));
        assertTrue(talk.waitNs(60_000 * MS) > 0);
    }

    @Test
    void onALanEachUnitIsADatagram() {
        Bedside bedside = bedside(SPEC.over(true)).run(60_000);
        assertEquals(List.of(), bedside.reports);
        assertTrue(bedside.longestMs("numerics") <= 1_100);
        assertEquals(0x0D, bedside.sent.get(0).bytes().at(0));
    }

    @Test
    void aDamagedDatagramIsCountedAndTheNextIsRead() {
        Talk talk = SPEC.over(true).open(0);
        byte[] cut = CREATED.slice(0, CREATED.size() - 1).toArray();
        assertEquals(
                new Report(Fault.FORMAT, 1, cut.length),
                talk.onBytes(cut, cut.length, 1).get(0));
        assertTrue(talk.onBytes(CREATED.toArray(), CREATED.size(), 2).get(0) instanceof Deliver);
    }
}
