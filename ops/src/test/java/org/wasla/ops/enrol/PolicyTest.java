package org.wasla.ops.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.trust.Renewal.Life;
import org.wasla.ops.enrol.Policy.State;

/** What a certificate is worth, by the region's clock. */
class PolicyTest {
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);
    private static final long FROM_MS = 1_800_000_000_000L;
    private static final Life LIFE = new Life(FROM_MS, FROM_MS + 60 * DAY_MS, false);
    private static final Life HELD = new Life(FROM_MS, FROM_MS + 60 * DAY_MS, true);

    private static Policy on(State state, Life life, int day) {
        return Policy.of(state, life, FROM_MS, FROM_MS + day * DAY_MS);
    }

    @Test
    void aGoodBoxIsRenewedAtAnyTime() {
        assertEquals(Policy.GOOD, on(State.GOOD, LIFE, 1));
        assertEquals(Policy.GOOD, on(State.GOOD, LIFE, 59));
    }

    /** It may have lain in a drawer, or at a thief's: somebody looks first. */
    @Test
    void oneThatHasRunOutGoesIntoQuarantineForNinetyDays() {
        assertEquals(Policy.QUARANTINE, on(State.GOOD, LIFE, 60));
        assertEquals(Policy.QUARANTINE, on(State.GOOD, LIFE, 149));
        assertEquals(Policy.GONE, on(State.GOOD, LIFE, 150));
    }

    @Test
    void inQuarantineItWaitsUntilItIsConfirmed() {
        assertEquals(Policy.LATER, on(State.QUARANTINE, HELD, 1));
        assertEquals(Policy.QUARANTINE, on(State.QUARANTINE, HELD, 31));
        assertEquals(Policy.GOOD, on(State.GOOD, HELD, 1));
    }

    /** A copy of the certificate that it had before does not lead around the quarantine. */
    @Test
    void anOlderCertificateDoesNotHelp() {
        assertEquals(Policy.QUARANTINE, on(State.QUARANTINE, LIFE, 1));
    }

    @Test
    void aRevokedBoxGetsNothing() {
        for (int day : new int[] {1, 40, 70, 200}) {
            assertEquals(Policy.REVOKED, on(State.REVOKED, LIFE, day));
            assertEquals(Policy.REVOKED, on(State.REVOKED, HELD, day));
        }
    }

    /** Enrolled anew: what was given before that is of the box before. */
    @Test
    void aCertificateOfBeforeTheEnrolmentIsOver() {
        assertEquals(Policy.GONE, Policy.of(State.GOOD, LIFE, LIFE.untilMs() + 1, LIFE.untilMs() + 2));
    }
}
