package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;

/**
 * Device times without a zone (facts/lab.md 0.7), by the JDK's own rules: Morocco went back to UTC on 2026-02-15 at 03:00
 * and forward again on 2026-03-22 at 02:00.
 */
class DeviceTimeTest {
    private static final ZoneId CASABLANCA = ZoneId.of("Africa/Casablanca");
    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final Instant BACK = Instant.parse("2026-02-15T02:00:00Z");
    private static final Instant FORWARD = Instant.parse("2026-03-22T02:00:00Z");

    private static DeviceTime of(String text, Instant gateway) {
        return DeviceTime.of(text, CASABLANCA, gateway.toEpochMilli());
    }

    /** A device that is three minutes late, and set back when the country is. */
    private static DeviceTime shownAt(Instant gateway) {
        return of(SHOWN.format(ZonedDateTime.ofInstant(gateway.minusSeconds(183), CASABLANCA)), gateway);
    }

    @Test
    void theOffsetIsThatOfTheDayAndInTheHourThatComesTwiceItSaysSo() {
        for (long second = -4 * 3600; second <= 4 * 3600; second += 61) {
            Instant gateway = BACK.plusSeconds(second);
            DeviceTime read = shownAt(gateway);
            assertEquals(-183_000L, read.offsetMs(), gateway.toString());
            // Shown are 02:00:00 to 02:59:59, twice, three minutes late.
            boolean isTwice = second >= -3600 + 183 && second < 3600 + 183;
            assertEquals(isTwice, read.isAmbiguous(), gateway.toString());
        }
    }

    @Test
    void inTheHourThatIsSkippedNothingIsAmbiguous() {
        for (long second = -4 * 3600; second <= 4 * 3600; second += 61) {
            DeviceTime read = shownAt(FORWARD.plusSeconds(second));
            assertEquals(-183_000L, read.offsetMs());
            assertFalse(read.isAmbiguous());
        }
        // Nobody has set this clock forward yet: it shows an hour that the country has not.
        DeviceTime forgotten = of("2026-03-22T02:30:00", Instant.parse("2026-03-22T02:30:00Z"));
        assertEquals(new DeviceTime(0L, false), forgotten);
    }

    /** A result of last summer is read in winter: its own day's rules hold, not today's. */
    @Test
    void anOldTimeIsReadByTheRulesOfItsDay() {
        Instant now = Instant.parse("2026-02-20T12:00:00Z");
        assertEquals(
                -Instant.parse("2026-02-20T12:00:00Z").toEpochMilli()
                        + Instant.parse("2025-07-01T09:00:00Z").toEpochMilli(),
                Objects.requireNonNull(of("2025-07-01T10:00:00", now).offsetMs()));
        assertEquals(0L, of("2026-02-20T12:00:00", now).offsetMs());
    }

    @Test
    void aMinuteGivesNoOffsetButMayBeAmbiguous() {
        assertEquals(new DeviceTime(null, true), of("2026-02-15T02:30", BACK));
        assertEquals(new DeviceTime(null, false), of("2026-02-15T03:30", BACK));
    }

    @Test
    void anOffsetThatWasSentIsNeverAmbiguous() {
        assertEquals(new DeviceTime(0L, false), of("2026-02-15T02:30:00Z", Instant.parse("2026-02-15T02:30:00Z")));
        assertEquals(new DeviceTime(0L, false), of("2026-02-15T02:30:00+01:00", Instant.parse("2026-02-15T01:30:00Z")));
        assertEquals(new DeviceTime(null, false), of("2026-02-15T02:30+01:00", BACK));
    }

    @Test
    void whatIsNoTimeGivesNone() {
        DeviceTime none = new DeviceTime(null, false);
        assertEquals(none, DeviceTime.of(null, CASABLANCA, 0));
        Random random = new Random(3);
        String good = "2026-02-15T02:30:00+01:00";
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder(good.substring(0, random.nextInt(good.length() + 1)));
            for (int i = 0; i < 2 && text.length() > 0; i++) {
                text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(95)));
            }
            of(text.toString(), BACK);
        }
        for (String text :
                List.of("", "2026-02-15", "2026-02-30T02:30:00", "2026-02-15T02:30:00+99:00", "x".repeat(40))) {
            assertEquals(none, of(text, BACK), text);
        }
    }

    @Test
    void theRecordSaysAmbiguous() {
        Clock clock = new Clock("sync", 12L, null).with(of("2026-02-15T02:30:00", BACK.plusSeconds(1_800)));
        Envelope envelope = new Envelope("g", "d", null, null, null, null, 1, "2026-02-15T02:30:00", clock);
        String json = new String(
                RecordJson.write(envelope, new RecordBody.Numerics(List.of()), "00000000", 1), StandardCharsets.UTF_8);
        assertTrue(json.contains("\"clk\":{\"s\":\"sync\",\"e\":12,\"o\":0,\"amb\":true}"), json);
        Clock plain = new Clock("sync", 12L, null).with(of("2026-02-15T04:30:00", BACK));
        assertFalse(plain.isAmbiguous());
    }

    /** A device that sends its offset, one that may, and one whose clock is set to UTC wherever it stands. */
    @Test
    void theProfileSaysWhatTheClockIsSetTo() {
        Mapping.Clock sent = new Mapping.Clock(
                List.of("sent"),
                List.of("time"),
                DateTimeFormatter.ofPattern("uuuuMMddHHmmss[XX]").withResolverStyle(ResolverStyle.STRICT),
                Mapping.Clock.Output.SECOND);
        Mapping.Clock utc = new Mapping.Clock(
                List.of("utc"),
                List.of("time"),
                DateTimeFormatter.ofPattern("uuuuMMddHHmmss"),
                Mapping.Clock.Output.SECOND,
                ZoneOffset.UTC);
        Mapper mapper = new Mapper(new Mapping(
                List.of(), List.of(), List.of(), List.of(), List.of(sent, utc), List.of(), Mapping.Misfit.TEXT));
        assertEquals(
                "2026-02-15T02:30:00+01:00",
                time(mapper, "sent", "20260215023000+0100").deviceTime());
        assertEquals(
                "2026-02-15T02:30:00Z", time(mapper, "sent", "20260215023000Z").deviceTime());
        Mapped without = time(mapper, "sent", "20260215023000");
        assertEquals("2026-02-15T02:30:00", without.deviceTime());
        assertNull(without.zone());
        assertNull(time(mapper, "sent", "20260230023000+0100").deviceTime(), "no such day");
        assertEquals(ZoneOffset.UTC, time(mapper, "utc", "20260215023000").zone());
    }

    private static Mapped time(Mapper mapper, String type, String text) {
        return mapper.map(new Message(type, List.of(new Item("time", text))));
    }
}
