package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.MedibusSpec.Ask;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Samples;

/** Our side of the conversation, by a clock turned by hand (bedside.md 2.3, state machine). */
class MedibusTalkTest {
    private static final String OFFERS = "00   16000  -10  10037006   16000  -20  100460";

    private static MedibusSpec withWaves(String... codes) {
        return new MedibusSpec(Line.SPEC.asks(), List.of(codes), 32, Map.of(), Map.of(), 10 * Line.SECOND);
    }

    @Test
    void weCallEveryThreeSecondsUntilAnswered() {
        Line line = new Line(Line.SPEC);
        assertEquals("?51", line.said());
        line.pass(2_999);
        assertEquals("", line.said());
        line.pass(6_001);
        assertEquals("?51 ?51 ?51", line.said());
        assertEquals(List.of(), line.faults);
    }

    @Test
    void theConversationBeginsAsTheProtocolSays() {
        Line line = new Line(Line.SPEC);
        line.said();
        line.command(0x51);
        assertEquals("!51", line.said());
        line.response(0x51, "");
        assertEquals("?52", line.said());
        line.command(0x52);
        assertEquals("!52", line.said());
        line.response(0x52, "8240'Evita 4'04.03:04.00").pass(199);
        assertEquals("", line.said(), "200 ms of peace");
        line.pass(1);
        assertEquals("?24", line.said());
        line.response(0x24, "EB 98 ");
        assertEquals("?28", line.said(), "one question at a time");
        line.response(0x28, " 9:33 7-OKT-14").pass(999);
        assertEquals("", line.said());
        line.pass(1);
        assertEquals("?24", line.said());
        assertEquals(
                List.of("command", "answer", "command", "device-id", "data", "time"),
                line.messages.stream().map(Message::type).toList());
        assertEquals("98", line.messages.get(4).text("cp1.EB"));
    }

    /** Some devices refuse an empty answer. */
    @Test
    void weNameOurselves() {
        assertEquals("0161'Wasla'01.00:04.03", name());
    }

    private static String name() {
        byte[] asked = MedibusFrames.command(0x52, "").toArray();
        for (Action action : Line.SPEC.open(0).onBytes(asked, asked.length, 0)) {
            if (action instanceof Action.Send send && send.bytes().at(0) == 1) {
                return send.bytes().slice(2, send.bytes().size() - 3).latin1();
            }
        }
        return "";
    }

    @Test
    void everyCommandIsAnsweredUnknownOnesToo() {
        Line line = Line.polling(Line.SPEC);
        for (int code : new int[] {0x30, 0x49, 0x56, 0x59, 0x6c, 0x7e}) {
            line.command(code);
            assertEquals("!" + Integer.toHexString(code), line.said());
        }
    }

    @Test
    void theHostIsHeardAtLeastEveryTwoSeconds() {
        MedibusSpec slow = new MedibusSpec(
                List.of(new Ask(MedibusQuestion.DATA, 60 * Line.SECOND)),
                List.of(),
                32,
                Map.of(),
                Map.of(),
                Line.SECOND);
        Line line = Line.polling(slow);
        line.response(0x24, "");
        for (int i = 0; i < 5; i++) {
            line.pass(1_999);
            assertEquals("", line.said());
            line.pass(1);
            assertEquals("?30", line.said());
            line.response(0x30, "");
        }
        assertEquals(List.of(), line.faults);
    }

    /** A device that is slow with its answer must not believe that we are gone. */
    @Test
    void weAreHeardWhileAnAnswerIsAwaited() {
        Line line = Line.polling(Line.SPEC);
        line.pass(1_000);
        line.command(0x30);
        line.said();
        line.pass(2_000);
        assertEquals("?30", line.said());
    }

    @Test
    void threeSecondsOfSilenceAreALossAndWeCallAgain() {
        Line line = Line.polling(Line.SPEC);
        line.response(0x24, "").response(0x28, "").pass(2_999);
        assertFalse(line.said().contains("?51"));
        assertEquals(List.of(), line.faults);
        line.pass(1);
        assertEquals("?51", line.said());
        assertEquals(List.of("timeout 1 0"), line.faults);
        assertFalse(line.isSilent());
        line.pass(7_000);
        assertTrue(line.isSilent());
        line.response(0x51, "").response(0x52, "").pass(200);
        assertEquals("?51 ?51 ?52 ?24", line.said());
        assertFalse(line.isSilent());
    }

    /** The stream of samples goes on when the device no longer answers. */
    @Test
    void theStreamIsNoSignOfLife() {
        Line line = Line.polling(Line.SPEC);
        for (int i = 0; i < 30; i++) {
            line.hear(Bytes.hex("d19181")).pass(100);
        }
        assertTrue(line.said().endsWith("?51"));
    }

    @Test
    void anAnswerThatDoesNotComeWithinTenSecondsIsALoss() {
        Line line = Line.polling(Line.SPEC);
        for (int i = 0; i < 9; i++) {
            line.pass(1_000).command(0x30);
        }
        assertFalse(line.said().contains("?51"));
        line.pass(1_000);
        assertTrue(line.said().endsWith("?51"));
        assertEquals(List.of("timeout 1 0"), line.faults);
    }

    /** 3845 bytes at 1200 baud take half a minute. */
    @Test
    void aLongAnswerOnASlowLineIsWaitedFor() {
        Line line = Line.polling(Line.SPEC);
        StringBuilder data = new StringBuilder();
        for (int code = 0; code < 200; code++) {
            data.append(String.format("%02X%4d", code, code));
        }
        Bytes answer = MedibusFrames.response(0x24, data.toString());
        for (int from = 0; from < answer.size(); from += 60) {
            line.hear(answer.slice(from, Math.min(answer.size(), from + 60))).pass(550);
        }
        assertEquals(List.of(), line.faults);
        Message last = line.messages.get(line.messages.size() - 1);
        assertEquals(200, last.fields().size());
        assertEquals("199", last.text("cp1.C7"));
    }

    @Test
    void aDamagedAnswerIsAskedForAgainThreeTimesAtMost() {
        Line line = Line.polling(Line.SPEC);
        Bytes damaged = Bytes.latin1("\1$EB 97 7A\r");
        line.hear(damaged);
        assertEquals("?24", line.said());
        line.response(0x15, "");
        assertEquals("?24", line.said());
        line.hear(damaged);
        assertEquals("?28", line.said(), "given up until its next time");
        assertEquals(3, line.messages.size());
    }

    @Test
    void aDamagedCommandIsRefused() {
        Line line = Line.polling(Line.SPEC);
        line.hear(Bytes.latin1("\03304C\r"));
        assertEquals("!15", line.said());
        Line calling = new Line(Line.SPEC);
        calling.said();
        calling.hear(Bytes.latin1("\03304C\r"));
        assertEquals("", calling.said(), "nothing understood yet: it may be another speed");
    }

    @Test
    void anAnswerThatBreaksOffIsGivenUpAfterTheGap() {
        Line line = Line.polling(Line.SPEC);
        line.hear(Bytes.latin1("\1$EB 9")).pass(1_999);
        assertEquals(List.of(), line.faults);
        line.pass(1);
        assertEquals(List.of("cut 1 6"), line.faults);
        assertTrue(line.said().contains("?24"));
    }

    @Test
    void aDeviceThatStartsAnewIsInitialisedAnewAtMostEveryThreeSeconds() {
        Line line = Line.polling(Line.SPEC);
        line.command(0x51);
        assertEquals("!51", line.said());
        line.pass(2_799);
        assertEquals("", line.said());
        line.pass(1);
        assertEquals("?51", line.said());
        line.response(0x51, "")
                .response(0x52, "")
                .pass(2_000)
                .response(0x24, "")
                .pass(1_500)
                .command(0x51);
        assertEquals("?52 ?24 ?28 !51 ?51", line.said());
    }

    @Test
    void aDeviceThatStopsIsCalledAgainLater() {
        Line line = Line.polling(Line.SPEC);
        line.command(0x55).pass(2_999);
        assertEquals("!55", line.said());
        line.pass(1);
        assertEquals("?51", line.said());
        assertEquals(List.of(), line.faults);
    }

    @Test
    void nothingIsSaidWhileTheDeviceHoldsUs() {
        Line line = Line.polling(Line.SPEC);
        line.hear(Bytes.latin1("\23")).command(0x30).response(0x24, "").pass(2_500);
        assertEquals("", line.said());
        line.hear(Bytes.latin1("\21"));
        assertEquals("!30 ?28", line.said());
        line.hear(Bytes.latin1("\23")).pass(3_000);
        assertEquals("?51", line.said(), "a device that never lets go is lost");
    }

    @Test
    void aChangedTimeIsAskedForAtOnce() {
        Line line = Line.polling(Line.SPEC);
        line.response(0x24, "").response(0x28, "").command(0x49);
        assertEquals("?28 !49 ?28", line.said());
    }

    @Test
    void theWavesThatTheDeviceOffersAreChosenAndRead() {
        Line line = Line.polling(withWaves("06", "01", "00"));
        line.pass(1);
        line.response(0x53, OFFERS);
        assertEquals("?54", line.said());
        line.response(0x54, "");
        assertEquals("d0c1c3c0c0 ?24", line.said());
        for (int i = 0; i < 33; i++) {
            line.hear(Bytes.hex("d38d839181"));
        }
        Message waves = line.messages.get(line.messages.size() - 1);
        assertEquals("waves", waves.type());
        Samples first = (Samples) waves.fields().get(0);
        assertEquals("rt.06", first.name());
        assertEquals(32, first.values().size());
        assertEquals(205, first.values().get(31));
        assertEquals("31.25", Objects.requireNonNull(first.scale()).hz());
        assertEquals(81, ((Samples) waves.fields().get(1)).values().get(0));
    }

    @Test
    void changedWavesAreChosenAnew() {
        Line line = Line.polling(withWaves("00"));
        line.response(0x53, OFFERS).response(0x54, "").response(0x24, "").response(0x28, "");
        line.said();
        line.hear(Bytes.hex("d19181d19181d1")).command(0x56);
        assertEquals("!56 ?53", line.said());
        line.response(0x53, "");
        assertEquals("waves", line.messages.get(line.messages.size() - 2).type(), "what came before is kept");
        line.pass(1_000);
        assertEquals("?24", line.said(), "no wave is offered");
    }

    @Test
    void aDeviceWithoutWavesIsAskedForTheRest() {
        Line line = Line.polling(withWaves("00"));
        for (int i = 0; i < 3; i++) {
            line.response(0x15, "");
        }
        assertEquals("?53 ?53 ?24", line.said());
    }

    @Test
    void onAReadOnlyLineNothingIsSaidAndAnswersToAnotherAreRead() {
        Line line = Line.reading(
                MedibusFrames.command(0x51, "").latin1(),
                MedibusFrames.response(0x24, "EB 98 ").latin1(),
                "\03304C\r");
        line.pass(100_000);
        assertEquals("", line.said());
        assertEquals("98", line.messages.get(1).text("cp1.EB"));
        assertEquals(List.of("checksum 1 5"), line.faults);
        assertTrue(line.isSilent());
    }
}
