package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** Records that are larger than the broker takes: told, and nothing behind them waits for ever. */
class UplinkLargeIT {

    private static final long WAIT_MS = 30_000;
    private static final int LARGE_BYTES = 40_000;

    @TempDir
    Path dir;

    private OutboxSettings buffer = new OutboxSettings(Path.of("unset"), 64L << 20, 5);

    @BeforeEach
    void nameTheBuffer() {
        buffer = new OutboxSettings(dir.resolve("buffer"), 64L << 20, 5);
    }

    private static Draft obs(int padBytes) {
        return new Draft(
                "oxi",
                "obs",
                Urgency.OBSERVATION,
                System.currentTimeMillis(),
                (epoch, seq) -> ("{\"ep\":\"" + epoch + "\",\"dev\":\"oxi\",\"k\":\"obs\",\"seq\":" + seq
                                + ",\"pad\":\"" + "x".repeat(padBytes) + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static List<Long> numbers(Ear ear) {
        return ear.heard().stream()
                .filter(each ->
                        each.topic().endsWith("/oxi/obs") || each.topic().endsWith("/oxi/obs-bf"))
                .map(each -> each.text().replaceFirst(".*\"seq\":(\\d+),.*", "$1"))
                .map(Long::valueOf)
                .toList();
    }

    private static boolean tellsOf(Ear ear, long number) {
        return ear.texts("oxi/evt").stream()
                .anyMatch(text -> text.contains("\"e\":\"gap\",\"of\":\"oxi.obs\",\"from\":" + number + ",\"to\":"
                        + number + ",\"why\":\"refused\""));
    }

    @Test
    void aRecordBeyondTheBrokersPacketSizeIsToldAndTheNextAreSent() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir, "max_packet_size 20000");
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = UplinkIT.uplink(outbox, broker.port())) {
            outbox.append(List.of(obs(100), obs(LARGE_BYTES), obs(100), obs(100), obs(LARGE_BYTES), obs(100)));
            uplink.start();
            Ear.until(
                    "all told or sent",
                    WAIT_MS,
                    () -> ear.texts("oxi/evt").size() == 2 && numbers(ear).size() == 4);
            assertEquals(List.of(1L, 3L, 4L, 6L), numbers(ear));
            assertTrue(tellsOf(ear, 2) && tellsOf(ear, 5), ear.texts("oxi/evt").toString());
            Ear.until("nothing waits", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            assertEquals(2, uplink.status().givenUp());
            assertEquals(0, uplink.status().refused());
            assertEquals(0, uplink.status().reconnects());
            assertEquals(6, uplink.status().sent(), "four records and two events");
            String error = String.valueOf(uplink.status().lastError());
            assertTrue(error.contains("raise its maximum packet size") && error.contains("oxi.obs 5"), error);
            assertFalse(error.contains("xxx"), "never what is in a record");
        }
    }

    /** Around the limit byte by byte: what fits is sent, what does not is told, and the connection holds. */
    @Test
    void theLargestThatFitsIsSent() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir, "max_packet_size 2000");
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = UplinkIT.uplink(outbox, broker.port())) {
            uplink.start();
            for (int padBytes = 1_600; padBytes < 2_000; padBytes++) {
                outbox.append(List.of(obs(padBytes)));
            }
            Ear.until("nothing waits", WAIT_MS, () -> UplinkIT.isDrained(outbox));
            long givenUp = uplink.status().givenUp();
            assertTrue(givenUp > 100 && givenUp < 300, givenUp + " of 400 are too large");
            Ear.until("all heard", WAIT_MS, () -> numbers(ear).size() == 400 - givenUp);
            assertEquals(400 - givenUp, numbers(ear).stream().distinct().count());
            assertEquals(0, uplink.status().reconnects());
        }
    }

    /** Then the limit is at fault, not the record, and a gap event would not get through either. */
    @Test
    void aBrokerThatTakesNextToNothingKeepsAllWaiting() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir, "max_packet_size 600");
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = UplinkIT.uplink(outbox, broker.port())) {
            outbox.append(List.of(obs(600), obs(600)));
            uplink.start();
            Ear.until("tried again", WAIT_MS, () -> uplink.status().reconnects() > 1);
            assertTrue(
                    String.valueOf(uplink.status().lastError()).contains("0x95"),
                    uplink.status().lastError());
            assertEquals(0, uplink.status().givenUp());
            assertEquals(2, outbox.status().waiting().get(Urgency.OBSERVATION));
            assertEquals(0, outbox.status().waiting().get(Urgency.RESULT));
        }
    }

    @Test
    void aReplayThatMeetsALargeRecordFailsWithTheReason() throws Exception {
        try (Mosquitto broker = Mosquitto.start(dir, "max_packet_size 20000");
                Ear ear = new Ear(broker.port());
                Outbox outbox = Outbox.open(buffer, Gaps::event);
                Uplink uplink = UplinkIT.uplink(outbox, broker.port())) {
            outbox.append(List.of(obs(100), obs(LARGE_BYTES), obs(100)));
            uplink.start();
            Ear.until("told", WAIT_MS, () -> tellsOf(ear, 2) && UplinkIT.isDrained(outbox));
            uplink.replays().order(new Command.Replay("j1", "replay", "oxi", "obs", 1, 3, null));
            Answer[] answer = new Answer[1];
            Ear.until("answered", WAIT_MS, () -> {
                answer[0] = uplink.replays().nextAnswer();
                return answer[0] != null;
            });
            assertFalse(answer[0].done());
            assertTrue(answer[0].why().contains("maximum packet size"), answer[0].why());
            assertEquals(1, uplink.status().givenUp());
            assertEquals(0, uplink.status().reconnects());
        }
    }
}
