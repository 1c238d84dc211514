package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
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

    /** A link of 64 kbit/s with a second each way on which three segments of ten are lost, each for two seconds. */
    private static final class LossyLink {
        private final Random random;
        private long freeNs;
        private long lastNs;

        LossyLink(long seed) {
            random = new Random(seed);
        }

        long arrivesNs(long bytes, long nowNs) {
            for (long left = bytes; left > 0; left -= 1_400) {
                int losses = 0;
                while (random.nextInt(100) < 30) {
                    losses++;
                }
                freeNs = Math.max(freeNs, nowNs) + (losses + 1) * Math.min(left, 1_400) * 1_000_000_000L / 8_000;
                lastNs = Math.max(lastNs, freeNs + (1 + 2L * losses) * 1_000_000_000L);
            }
            return lastNs;
        }
    }

    /** Batches of 6 kB: counting the least round trip alone, seed 2 gets 2,220 of about 5,600. */
    @Test
    void aLinkThatLosesSegmentsIsNotStarved() {
        for (long seed = 1; seed <= 10; seed++) {
            LossyLink there = new LossyLink(seed);
            LossyLink back = new LossyLink(-seed);
            Flight flight = new Flight(256);
            ArrayDeque<Flight.Ticket> tickets = new ArrayDeque<>();
            ArrayDeque<Long> ackNs = new ArrayDeque<>();
            long nowNs = 0;
            long delivered = 0;
            while (nowNs < TimeUnit.SECONDS.toNanos(200)) {
                while (!flight.isFull() && !flight.isHeavy()) {
                    tickets.add(flight.start("t", null, 6_000, nowNs));
                    ackNs.add(back.arrivesNs(4, there.arrivesNs(6_000, nowNs)));
                }
                nowNs = ackNs.remove();
                Flight.Ticket ticket = tickets.remove();
                ticket.landed(0, nowNs);
                flight.land(ticket);
                delivered += 6_000;
            }
            assertTrue(delivered / 200 > 2_800, "seed " + seed + ": " + delivered / 200 + " bytes a second");
        }
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
