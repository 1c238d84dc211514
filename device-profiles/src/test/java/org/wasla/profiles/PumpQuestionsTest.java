package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;

/**
 * What is said to pumps, against the bytes of a driver that works: the questions and nothing else. A byte that sets,
 * starts or stops a pump must never leave the gateway.
 */
class PumpQuestionsTest {
    private static final long TENTH_NS = 100_000_000L;

    private static Bytes command(String pump, String name) throws IOException {
        Path file = Shelf.shared().resolve("captures/bedside/" + pump + "/cmd-" + name + ".bin");
        Assumptions.assumeTrue(Files.exists(file), "skipped: no " + file + " beside this checkout");
        return Bytes.of(Files.readAllBytes(file));
    }

    /** All that is sent in five minutes, while the pump says the same damaged bytes again and again, or nothing. */
    private static Set<Bytes> said(String profile, String heard) throws IOException {
        Talk talk = Shelf.profile(profile).talk().open(0);
        Set<Bytes> said = new HashSet<>();
        byte[] bytes = Bytes.latin1(heard).toArray();
        for (int i = 0; i < 3_000; i++) {
            List<Action> actions = bytes.length > 0 && i % 7 == 3
                    ? talk.onBytes(bytes, bytes.length, i * TENTH_NS)
                    : talk.onTime(i * TENTH_NS);
            for (Action action : actions) {
                if (action instanceof Action.Send send) {
                    said.add(send.bytes());
                } else if (action instanceof Action.Deliver deliver) {
                    said.add(deliver.ifKept());
                    said.add(deliver.ifRefused());
                }
            }
        }
        said.remove(Bytes.NONE);
        return said;
    }

    @Test
    void theAlarisIsAskedItsStateAndItsVolumeAndNothingElse() throws IOException {
        Set<Bytes> questions = Set.of(command("alaris-asena", "INF"), command("alaris-asena", "INF_VTBI"));
        assertEquals(questions, said("alaris-asena", ""));
        assertEquals(questions, said("alaris-asena", "!INF^1^2^3|0000\r"));
        assertEquals(questions, said("alaris-asena", "!REMOTE_CTRL^DISABLED|EF95\r"));
    }

    @Test
    void theBaxterIsAskedItsRateAndItsStateAndToSayAgainWhatWasDamaged() throws IOException {
        Bytes rate = command("baxter-as50", "PRIRATE_Q");
        Bytes status = command("baxter-as50", "STATUS_Q");
        assertEquals(Set.of(rate, status), said("baxter-as50", ""));
        assertEquals(Set.of(rate, status, command("baxter-as50", "RESEND")), said("baxter-as50", "[PRIRATE=5.0]00"));
    }
}
