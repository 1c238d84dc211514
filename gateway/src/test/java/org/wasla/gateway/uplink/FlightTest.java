package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How much may be under way, over a link that the test calculates. */
class FlightTest {

    private static final long MESSAGE = 400;

    /** Messages as fast as allowed over a link of this rate and delay; how many bytes were ahead at most after 5 s. */
    private static long worstAhead(long bytesPerS, long delayMs, int window, long seconds) {
        return worstAhead(bytesPerS, delayMs, window, seconds, MESSAGE);
    }

    private static long worstAhead(long bytesPerS, long delayMs, int window, long seconds, long message) {
        Flight flight = new Flight(window);
        ArrayDeque<Flight.Ticket> tickets = new ArrayDeque<>();
        ArrayDeque<Long> ackNs = new ArrayDeque<>();
        long nowNs = 0;
        long linkFreeNs = 0;
        long worst = 0;
        while (nowNs < TimeUnit.SECONDS.toNanos(seconds)) {
            while (!flight.isFull() && !flight.isHeavy()) {
                tickets.add(flight.start("t", null, message, nowNs));
                linkFreeNs = Math.max(linkFreeNs, nowNs) + message * 1_000_000_000L / bytesPerS;
                ackNs.add(linkFreeNs + TimeUnit.MILLISECONDS.toNanos(delayMs));
            }
            if (nowNs > TimeUnit.SECONDS.toNanos(5)) {
                worst = Math.max(worst, (linkFreeNs - nowNs) * bytesPerS / 1_000_000_000L);
            }
            nowNs = ackNs.remove();
            Flight.Ticket ticket = tickets.remove();
            ticket.landed(0, nowNs);
            flight.land(ticket);
        }
        return worst;
    }

    @Test
    void onAThinLinkAboutASecondIsAheadOfAnAlarm() {
        long ahead = worstAhead(8_000, 50, 256, 60);
        assertTrue(ahead > 6_000 && ahead < 10_000, ahead + " bytes ahead of an alarm, at 8000 bytes a second");
    }

    @Test
    void aLongDelayDoesNotStarveTheLink() {
        long ahead = worstAhead(8_000, 2_000, 256, 120);
        assertTrue(ahead > 6_000 && ahead < 12_000, ahead + " bytes ahead of an alarm, at 8000 bytes a second");
    }

    /** Batches on a link that loses segments, each loss a second and more: it still finds what the link can do. */
    @Test
    void aLinkThatLosesSegmentsIsNotStarved() {
        java.util.Random random = new java.util.Random(7);
        Flight flight = new Flight(256);
        ArrayDeque<Flight.Ticket> tickets = new ArrayDeque<>();
        ArrayDeque<Long> ackNs = new ArrayDeque<>();
        long nowNs = 0;
        long linkFreeNs = 0;
        long lastAckNs = 0;
        long delivered = 0;
        while (nowNs < TimeUnit.SECONDS.toNanos(200)) {
            while (!flight.isFull() && !flight.isHeavy()) {
                tickets.add(flight.start("t", null, 4_000, nowNs));
                long losses = 0;
                for (int segment = 0; segment < 3; segment++) {
                    losses += random.nextInt(100) < 30 ? 1 : 0;
                }
                linkFreeNs = Math.max(linkFreeNs, nowNs) + 4_000 * (10 + 4 * losses) / 10 * 1_000_000_000L / 8_000;
                lastAckNs = Math.max(lastAckNs, linkFreeNs + (2 + losses) * 1_000_000_000L);
                ackNs.add(lastAckNs);
            }
            nowNs = ackNs.remove();
            Flight.Ticket ticket = tickets.remove();
            ticket.landed(0, nowNs);
            flight.land(ticket);
            delivered += 4_000;
        }
        assertTrue(delivered > 200 * 8_000 / 2, delivered + " bytes in 200 s");
    }

    @Test
    void aFastLinkIsHeldBackByTheBrokersWindowAlone() {
        Flight flight = new Flight(256);
        long nowNs = 0;
        for (int round = 0; round < 200; round++) {
            ArrayDeque<Flight.Ticket> tickets = new ArrayDeque<>();
            while (!flight.isFull() && !flight.isHeavy()) {
                tickets.add(flight.start("t", null, MESSAGE, nowNs));
            }
            assertTrue(round < 10 || tickets.size() == 256, tickets.size() + " in round " + round);
            nowNs += 2_000_000;
            for (Flight.Ticket ticket : tickets) {
                ticket.landed(0, nowNs);
                flight.land(ticket);
            }
        }
    }

    /** Acknowledgements that a pause has held up arrive at once: that is no fast link. */
    @Test
    void acknowledgementsInABunchDoNotLookLikeAFastLink() {
        Flight flight = new Flight(256);
        ArrayDeque<Flight.Ticket> tickets = new ArrayDeque<>();
        for (int i = 0; i < 20; i++) {
            tickets.add(flight.start("t", null, MESSAGE, i * 50_000_000L));
        }
        tickets.add(flight.start("t", null, MESSAGE, 1_000_000_000L));
        for (Flight.Ticket ticket : tickets) {
            ticket.landed(0, 1_001_000_000L);
            flight.land(ticket);
        }
        assertTrue(flight.windowBytes() < 20_000, flight.windowBytes() + " bytes");
    }

    @Test
    void oneMessageMayAlwaysGo() {
        Flight flight = new Flight(1);
        assertFalse(flight.isHeavy());
        Flight.Ticket large = flight.start("t", null, 1_000_000, 0);
        assertTrue(flight.isHeavy());
        assertTrue(flight.isFull());
        large.landed(0, 5);
        flight.land(large);
        flight.land(large);
        assertEquals(0, flight.size());
        assertFalse(flight.isHeavy());
    }

    /** A token that has failed stays failed, whatever the client says later. */
    @Test
    void whatWasSaidFirstStands() {
        Flight.Ticket ticket = new Flight(1).start("t", null, 1, 0);
        assertTrue(ticket.settle());
        assertFalse(ticket.settle());
    }
}
