package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The subscriber's check of the product's promise: it must find a hole, and must not cry at what is none. */
class LedgerTest {
    private static final long SECOND = 1_000_000_000L;
    private final Ledger ledger = new Ledger();

    @BeforeEach
    void connected() {
        ledger.connected(0);
    }

    private void receive(long seq, long nowNs) {
        receive("gw", "obs", seq, false, nowNs);
    }

    private void receive(String gateway, String kind, long seq, boolean isLate, long nowNs) {
        ledger.add(new Received(gateway, "ep", "dev", kind, seq, 1, 0, isLate, "", null, List.of()), nowNs);
    }

    @Test
    void aNumberThatStaysAwayForTenSecondsIsAHole() {
        receive(1, 0);
        receive(3, 0);
        assertEquals(List.of(), ledger.holes(10 * SECOND - 1));
        assertEquals(List.of("gw.ep.dev.obs 2"), ledger.holes(10 * SECOND));
    }

    @Test
    void aNumberThatComesLateIsNoHoleAndNoDouble() {
        receive(1, 0);
        receive(3, 0);
        receive(2, 5 * SECOND);
        assertEquals(List.of(), ledger.holes(60 * SECOND));
        assertEquals(List.of(new Ledger.Stream("gw.ep.dev.obs", 1, 3, 3, 0, 0, 0, 0)), ledger.streams());
    }

    /** After an outage live records overtake the backlog, waves last: however long it takes, nothing is lost yet. */
    @Test
    void whileABacklogComesInItsGatewayMissesNothing() {
        receive("gw", "wav", 1, false, 0);
        receive("gw", "wav", 5, false, 0);
        for (int i = 1; i <= 6; i++) {
            receive("gw", "obs", i, true, 9L * i * SECOND);
        }
        assertEquals(List.of(), ledger.holes(63 * SECOND));
        assertEquals(3, ledger.open(60 * SECOND, 63 * SECOND));
        receive("gw", "wav", 2, true, 63 * SECOND);
        assertEquals(List.of(), ledger.holes(72 * SECOND));
        assertEquals(List.of("gw.ep.dev.wav 3", "gw.ep.dev.wav 4"), ledger.holes(73 * SECOND));
        assertEquals(0, ledger.open(60 * SECOND, 73 * SECOND));
        Ledger.Stream waves = ledger.streams().get(1);
        assertEquals(new Ledger.Stream("gw.ep.dev.wav", 1, 5, 3, 0, 2, 0, 1), waves);
    }

    @Test
    void anothersBacklogExcusesNobody() {
        receive(1, 0);
        receive(3, 0);
        receive("other", "obs", 1, true, 9 * SECOND);
        assertEquals(List.of("gw.ep.dev.obs 2"), ledger.holes(10 * SECOND));
    }

    @Test
    void whileNoConnectionStandsNothingIsMissed() {
        receive(1, 0);
        receive(3, 0);
        ledger.disconnected();
        assertEquals(List.of(), ledger.holes(60 * SECOND));
        ledger.connected(60 * SECOND);
        receive(4, 61 * SECOND);
        assertEquals(List.of(), ledger.holes(71 * SECOND - 1));
        assertEquals(List.of("gw.ep.dev.obs 2"), ledger.holes(71 * SECOND));
    }

    /** A broker that failed is missed by gateways too, and they wait longer between their tries. */
    @Test
    void aGatewayThatIsNotBackHasAMinute() {
        receive(1, 0);
        receive(3, 0);
        ledger.disconnected();
        ledger.connected(10 * SECOND);
        assertEquals(List.of(), ledger.holes(70 * SECOND - 1));
        assertEquals(List.of("gw.ep.dev.obs 2"), ledger.holes(70 * SECOND));
    }

    @Test
    void doublesAreCountedAndNoFault() {
        receive(1, 0);
        receive(2, 0);
        receive(1, 0);
        assertEquals(List.of(new Ledger.Stream("gw.ep.dev.obs", 1, 2, 2, 1, 0, 0, 0)), ledger.streams());
    }

    @Test
    void numbersDeclaredLostAreNoHole() {
        receive(1, 0);
        receive(9, 0);
        byte[] event =
                "{\"gw\":\"gw\",\"ep\":\"ep\",\"e\":\"gap\",\"of\":\"dev.obs\",\"from\":2,\"to\":7,\"why\":\"quota\"}"
                        .getBytes(StandardCharsets.UTF_8);
        ledger.gap(Received.gap(event).orElseThrow());
        assertEquals(List.of("gw.ep.dev.obs 8"), ledger.holes(60 * SECOND));
    }

    private void gap(long from, long to) {
        byte[] event = ("{\"gw\":\"gw\",\"ep\":\"ep\",\"e\":\"gap\",\"of\":\"dev.obs\",\"from\":" + from + ",\"to\":"
                        + to + ",\"why\":\"quota\"}")
                .getBytes(StandardCharsets.UTF_8);
        ledger.gap(Received.gap(event).orElseThrow());
    }

    /** A gap event is more urgent than the records of its stream: it comes first. */
    @Test
    void aGapToldBeforeItShowsIsNoHole() {
        gap(1, 3);
        receive(4, 0);
        gap(5, 7);
        gap(8, 8);
        gap(6, 20);
        receive(22, 0);
        assertEquals(List.of("gw.ep.dev.obs 21"), ledger.holes(60 * SECOND));
        assertEquals(List.of(new Ledger.Stream("gw.ep.dev.obs", 4, 22, 2, 0, 1, 19, 0)), ledger.streams());
    }

    @Test
    void aGapShowsInTheTableAndALineSaysWhat() {
        String event = "{\"gw\":\"gw\",\"ep\":\"ep\",\"dev\":\"dev\",\"k\":\"evt\",\"seq\":1,\"t\":1,\"e\":\"gap\","
                + "\"of\":\"oxi.obs\",\"from\":2,\"to\":7,\"why\":\"quota\"}";
        byte[] payload = event.getBytes(StandardCharsets.UTF_8);
        assertEquals(
                List.of("gap oxi.obs 2..7 quota"),
                Received.of(payload).orElseThrow().values());
        WardTable table = new WardTable();
        table.gap(Received.gap(payload).orElseThrow());
        assertEquals(
                "oxi                            0      6      -  nobody      ",
                table.lines(0).get(1));
    }

    @Test
    void aBatchShowsItsNewestValues() {
        byte[] batch = ("{\"gw\":\"gw\",\"ep\":\"ep\",\"dev\":\"dev\",\"k\":\"obs\",\"seq\":2,\"n\":2,\"t\":5,"
                        + "\"cols\":[{\"r\":\"X\"},{\"c\":1,\"n\":\"spo2\",\"r\":\"S\",\"u\":\"%\"}],"
                        + "\"rows\":[[0,1,97],[1000,null,98]]}")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of("spo2 98 %"), Received.of(batch).orElseThrow().values());
    }

    @Test
    void resultsShowTheirSpecimenAndValuesTheirPatient() {
        byte[] results =
                ("{\"gw\":\"gw\",\"ep\":\"ep\",\"dev\":\"lab\",\"k\":\"res\",\"seq\":1,\"t\":5,\"sp\":\"3001\","
                                + "\"res\":[{\"r\":\"CRP\",\"v\":2.00,\"cmp\":\"<\",\"u\":\"mg/L\"}]}")
                        .getBytes(StandardCharsets.UTF_8);
        assertEquals(
                List.of("specimen 3001", "CRP <2.00 mg/L"),
                Received.of(results).orElseThrow().values());
        byte[] values = ("{\"gw\":\"gw\",\"ep\":\"ep\",\"dev\":\"oxi\",\"k\":\"obs\",\"seq\":1,\"t\":5,"
                        + "\"pat\":{\"ref\":\"p:1\"},\"obs\":[{\"r\":\"S\",\"v\":98}]}")
                .getBytes(StandardCharsets.UTF_8);
        WardTable table = new WardTable();
        table.record(Received.of(results).orElseThrow());
        table.record(Received.of(values).orElseThrow());
        assertTrue(table.hasPatient("oxi"));
        assertFalse(table.hasPatient("lab"));
    }

    @Test
    void theRowsOfABatchTakeConsecutiveNumbers() {
        byte[] batch = ("{\"gw\":\"gw\",\"ep\":\"ep\",\"dev\":\"dev\",\"k\":\"obs\",\"seq\":2,\"n\":3,\"t\":5,"
                        + "\"cols\":[],\"rows\":[[0,1],[1000,2],[2000,3]]}")
                .getBytes(StandardCharsets.UTF_8);
        receive(1, 0);
        ledger.add(Received.of(batch).orElseThrow(), 0);
        receive(5, 0);
        assertEquals(List.of(new Ledger.Stream("gw.ep.dev.obs", 1, 5, 5, 0, 0, 0, 0)), ledger.streams());
    }

    @Test
    void whatIsNoRecordIsLeftAlone() {
        for (String text : new String[] {"", "[]", "{", "{\"s\":\"online\"}", "{\"seq\":\"x\",\"t\":1}", "\u0000"}) {
            assertEquals(
                    true, Received.of(text.getBytes(StandardCharsets.UTF_8)).isEmpty(), text);
        }
    }
}
