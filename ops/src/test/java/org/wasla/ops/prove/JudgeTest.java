package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.GapEvents;
import org.wasla.gateway.outbox.Gaps;

/** A judge that cannot condemn proves nothing: every kind of guilt is tried once. */
class JudgeTest {
    private static final String STREAM = "gw-1.00000001.dev.obs";
    private final Judge judge = new Judge();

    private static byte[] record(long seq, String rest) {
        return record("obs", seq, rest);
    }

    private static byte[] record(String kind, long seq, String rest) {
        String json = "{\"v\":1,\"id\":\"x\",\"gw\":\"gw-1\",\"ep\":\"00000001\",\"dev\":\"dev\",\"k\":\"" + kind
                + "\",\"seq\":" + seq + "," + rest + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private void deliver(long... numbers) {
        for (long seq : numbers) {
            judge.delivered(record(seq, "\"t\":" + seq));
        }
    }

    private void accept(long seq) {
        judge.accepted(STREAM, seq, Contents.print(record(seq, "\"t\":" + seq)));
    }

    @Test
    void allThereOnceInOrderHolds() {
        accept(1);
        accept(2);
        deliver(1, 2);
        assertTrue(judge.verdict().holds(), judge.verdict().summary());
    }

    /** A box of the proofs that gives up what fills its disk says so in a way that is heard. */
    @Test
    void whatABoxOfTheProofsGivesUpIsDeclared() throws IOException {
        accept(1);
        accept(2);
        deliver(1);
        Draft gap = Gaps.by("gw-1").gap("dev", "obs", 2, 2, GapEvents.QUOTA);
        judge.delivered(gap.payload().encode("00000001", 1));
        assertEquals(0, judge.verdict().lost());
        assertEquals(1, judge.verdict().declared());
    }

    @Test
    void acceptedAndNowhereIsLost() {
        accept(1);
        accept(2);
        deliver(1);
        assertEquals(1, judge.verdict().lost());
        assertFalse(judge.verdict().holds());
    }

    @Test
    void aHoleIsAHoleEvenWhenNobodyWasToldOfIt() {
        deliver(1, 3);
        assertEquals(List.of(STREAM + ": 1 of 3, first 2"), judge.verdict().holes());
    }

    @Test
    void aGapEventExplainsExactlyItsNumbers() {
        accept(2);
        accept(3);
        deliver(1, 5);
        judge.delivered(record("evt", 1, "\"e\":\"gap\",\"of\":\"dev.obs\",\"from\":2,\"to\":3,\"why\":\"quota\""));
        Verdict verdict = judge.verdict();
        assertEquals(0, verdict.lost());
        assertEquals(2, verdict.declared());
        assertEquals(List.of(STREAM + ": 1 of 5, first 4"), verdict.holes());
    }

    @Test
    void twoContentsOfOneNumberAreAFault() {
        deliver(1);
        judge.delivered(record(1, "\"t\":99"));
        assertEquals(1, judge.verdict().faultCount());
    }

    @Test
    void theSameAgainOrLateIsADouble() {
        deliver(1);
        judge.delivered(record(1, "\"t\":1,\"late\":12"));
        assertEquals(1, judge.verdict().doubles());
        assertTrue(judge.verdict().holds());
    }

    @Test
    void anOlderNumberAfterANewerOneIsAFaultUnlessItIsLate() {
        deliver(2);
        judge.delivered(record(1, "\"t\":1,\"late\":12"));
        assertTrue(judge.verdict().holds(), judge.verdict().summary());
        deliver(4, 3);
        assertEquals(1, judge.verdict().faultCount());
    }

    @Test
    void aBatchTakesAsManyNumbersAsItHasRows() {
        judge.delivered(record(1, "\"cols\":[{\"n\":\"spo2\"}],\"rows\":[[0,97],[1000,98],[2000,98]],\"n\":3"));
        deliver(4);
        assertEquals(4, judge.verdict().present());
        assertTrue(judge.verdict().holds());
    }

    @Test
    void aStoreOutOfOrderIsAFault() {
        judge.stored(List.of(record(2, "\"t\":2"), record(1, "\"t\":1")));
        assertEquals(1, judge.verdict().faultCount());
    }
}
