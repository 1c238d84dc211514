package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Action.Deliver;
import org.wasla.gateway.message.Talk;

/** SOH, records, EOT, and one ACK (lab.md 1.4): nothing but the records themselves tells a whole message. */
class AstmEnvelopeTalkTest {
    private static final AstmEnvelopeSpec SPEC = new AstmEnvelopeSpec(AstmDialect.STANDARD, 60_000_000_000L, false);
    private static final String WHOLE =
            "\1H|\\^&|||X^1\rP|1\rO|1||S^7\rR|1|^^^pH|7.41||N||F\rR|2|^^^K|4.20|mmol/L||N||F\rL|1|N\r\4";

    private static List<Deliver> delivered(String text, int chunk) {
        Talk talk = SPEC.open(0);
        List<Deliver> all = new ArrayList<>();
        byte[] bytes = Bytes.latin1(text).toArray();
        int told = 0;
        List<Action> actions = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += chunk) {
            byte[] part =
                    Bytes.of(bytes, from, Math.min(bytes.length, from + chunk)).toArray();
            actions.addAll(talk.onBytes(part, part.length, from));
        }
        actions.addAll(talk.onEnd());
        for (Action action : actions) {
            if (action instanceof Deliver deliver) {
                all.add(deliver);
                told += deliver.size();
            } else if (action instanceof Action.Report report) {
                told += report.size();
            }
        }
        assertEquals(bytes.length, told, "every byte is told of once");
        return all;
    }

    @Test
    void aMessageIsAcknowledgedOnceItIsKept() {
        for (int chunk = 1; chunk <= WHOLE.length(); chunk++) {
            List<Deliver> all = delivered(WHOLE, chunk);
            assertEquals(1, all.size(), "chunk " + chunk);
            assertEquals("\6", all.get(0).ifKept().latin1());
            assertEquals(0, all.get(0).ifRefused().size());
        }
    }

    /** Whoever sends again did not hear us. */
    @Test
    void theSameMessageHasTheSameMark() {
        List<Deliver> all = delivered(WHOLE + WHOLE + WHOLE.replace("4.20", "4.21"), 64);
        assertEquals(all.get(0).once(), all.get(1).once());
        assertFalse(String.valueOf(all.get(0).once()).equals(all.get(2).once()));
    }

    @Test
    void aCutAnywhereGivesNothingAndCostsNoLaterMessage() {
        for (int cut = 1; cut < WHOLE.length(); cut++) {
            assertEquals(1, delivered(WHOLE.substring(0, cut) + WHOLE, 64).size(), "cut to " + cut);
            assertEquals(1, delivered(WHOLE.substring(cut) + WHOLE, 64).size(), "without the first " + cut);
        }
    }

    @Test
    void aRecordThatIsMissingShows() {
        assertEquals(List.of(), delivered(WHOLE.replaceFirst("R\\|1[^\r]*\r", ""), 64));
        assertEquals(List.of(), delivered(WHOLE.replaceFirst("L\\|1[^\r]*\r", ""), 64));
        assertEquals(List.of(), delivered(WHOLE.replaceFirst("H[^\r]*\r", ""), 64));
        assertEquals(List.of(), delivered("\1\4", 64));
    }

    @Test
    void whoOnlyListensSaysNothing() {
        byte[] bytes = Bytes.latin1(WHOLE).toArray();
        List<Action> actions = SPEC.listening().open(0).onBytes(bytes, bytes.length, 0);
        assertTrue(actions.stream().allMatch(action -> action instanceof Deliver deliver && !deliver.isAnswered()));
    }

    @Test
    void anyBytesAreTakenWithoutAnException() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(WHOLE);
            for (int i = 0; i < 8; i++) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            assertTrue(delivered(text.toString(), 1 + random.nextInt(90)).size() <= 4, "seed " + seed);
        }
    }
}
