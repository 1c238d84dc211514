package org.wasla.gateway.hospital;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of one receiver's messages, counted and told by numbers. Thread-safe. */
final class Counts {
    private static final Logger LOG = LoggerFactory.getLogger(Counts.class);
    private static final int REASONS_MAX = 50;
    private final String to;
    private final Map<String, Long> refused = new HashMap<>();
    private final Map<String, Long> aside = new HashMap<>();
    private long sent;
    private long again;
    private long unrendered;
    private long missed;
    private @Nullable String lastMissed;
    private @Nullable String lastError;

    Counts(String to) {
        this.to = to;
    }

    synchronized void sent() {
        sent++;
        lastError = null;
    }

    synchronized void again() {
        again++;
    }

    synchronized void refused(Letter letter, String reason) {
        long count = add(refused, reason);
        lastError = "refused " + letter + " " + reason;
        tell(count, "refused", letter, reason);
    }

    synchronized void aside(Letter letter, String reason) {
        long count = add(aside, reason);
        lastError = "set aside " + letter + " " + reason;
        tell(count, "set-aside", letter, reason);
    }

    private static long add(Map<String, Long> counts, String reason) {
        String name = counts.containsKey(reason) || counts.size() < REASONS_MAX ? reason : "other";
        return counts.merge(name, 1L, Long::sum);
    }

    private void tell(long count, String what, Letter letter, String reason) {
        if (Long.bitCount(count) == 1) {
            LOG.warn("hospital to={} {}=\"{}\" reason={} count={}", to, what, letter, reason, count);
        }
    }

    /** What a settled letter does not bring. */
    synchronized void settled(Letter letter) {
        for (Letter.Span span : letter.missing()) {
            missed += span.to() - span.from() + 1;
            lastMissed = letter.device() + '.' + letter.kind() + ' ' + span.from() + '-' + span.to();
            LOG.error("hospital to={} gap=\"{}\" why=\"the buffer does not hold it any more\"", to, lastMissed);
        }
        if (letter.unrendered() > 0) {
            unrendered += letter.unrendered();
            tell(unrendered, "unrendered", letter, "fault");
        }
    }

    synchronized void beganAnew() {
        lastMissed = "what waited in the buffer before this one";
    }

    synchronized void failed(String error) {
        if (!error.equals(lastError)) {
            LOG.warn("hospital to={} waits error=\"{}\"", to, error);
        }
        lastError = error;
    }

    synchronized HospitalProgress progress(boolean isConnected, long alarms, long observations) {
        return new HospitalProgress(
                to,
                isConnected,
                alarms,
                observations,
                sent,
                again,
                refused,
                aside,
                unrendered,
                missed,
                lastMissed,
                lastError);
    }
}
