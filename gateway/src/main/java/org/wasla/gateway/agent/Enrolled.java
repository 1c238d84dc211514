package org.wasla.gateway.agent;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.clock.ClockWatch;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.EnrolReader;
import org.wasla.gateway.enrol.CertificateStatus;
import org.wasla.gateway.enrol.Renewer;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.trust.KnownTime;
import org.wasla.gateway.uplink.Standing;

/**
 * How the box stands with its region: its certificate where it was enrolled, and the time by which certificates are
 * judged. Thread-safe.
 */
public final class Enrolled implements Standing, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Enrolled.class);
    private static final long KEEP_EVERY_NS = TimeUnit.HOURS.toNanos(1);
    private static final String UNSYNC = "unsync";

    private final KnownTime known;
    private final Supplier<Clock> clock;
    private final TlsClock judge = new Judge();
    private final @Nullable Renewer renewer;
    private volatile long knownMs;
    private long keptNs = System.nanoTime() - KEEP_EVERY_NS;
    private boolean failed;

    /** Now where the clock is confirmed, else the latest time that is known to have been. */
    private final class Judge implements TlsClock {
        @Override
        public long nowMs() {
            long shownMs = System.currentTimeMillis();
            return isConfirmed() ? shownMs : Math.max(shownMs, knownMs);
        }

        @Override
        public boolean isConfirmed() {
            return !clock.get().state().equals(UNSYNC);
        }
    }

    private Enrolled(Config config, Supplier<Clock> clock) {
        this.clock = clock;
        this.known = KnownTime.open(timeFile(config.buffer().dir()));
        this.knownMs = known.ms();
        EnrolReader.Enrol enrol = config.enrol();
        Path trust = config.buffer().dir().resolve("trust");
        boolean isOurs =
                enrol.isUsed() && enrol.folder().key().equals(config.uplink().key());
        this.renewer = isOurs ? new Renewer(enrol.folder(), enrol.url(), judge, trust.resolve("certificate")) : null;
        if (renewer != null) {
            knownMs = Math.max(knownMs, renewer.fromMs());
        }
    }

    static Enrolled open(Config config, Supplier<Clock> clock) {
        return new Enrolled(config, clock);
    }

    /** The judge of a box whose agent may not run. */
    public static TlsClock judge(@Nullable Path buffer) {
        ClockWatch watch = new ClockWatch();
        long knownMs = buffer == null ? 0 : KnownTime.open(timeFile(buffer)).ms();
        return new TlsClock() {
            @Override
            public long nowMs() {
                return isConfirmed() ? System.currentTimeMillis() : Math.max(System.currentTimeMillis(), knownMs);
            }

            @Override
            public boolean isConfirmed() {
                return !watch.clock().state().equals(UNSYNC);
            }
        };
    }

    private static Path timeFile(Path buffer) {
        return buffer.resolve("trust").resolve("time");
    }

    void start(Auditor auditor) {
        if (renewer != null) {
            renewer.start(auditor::note);
        }
    }

    /** Keeps the time once an hour. */
    void tick() {
        if (System.nanoTime() - keptNs >= KEEP_EVERY_NS) {
            keep();
        }
    }

    private void keep() {
        if (judge.isConfirmed()) {
            keptNs = System.nanoTime();
            knownMs = System.currentTimeMillis();
            try {
                known.keep(knownMs);
                failed = false;
            } catch (IOException notKept) {
                if (!failed) {
                    LOG.warn("time not kept cause=\"{}\"", notKept.getMessage());
                }
                failed = true;
            }
        }
    }

    @Override
    public TlsClock clock() {
        return judge;
    }

    @Override
    public boolean isQuarantined() {
        return renewer != null && renewer.isQuarantined();
    }

    /** The words by which people know the box's key; empty where it was not enrolled. */
    String words() {
        return renewer == null ? "" : renewer.status().words();
    }

    /** The part of health, where the box was to be enrolled. */
    void write(JsonGenerator json) throws IOException {
        if (renewer == null) {
            return;
        }
        CertificateStatus status = renewer.status();
        json.writeObjectFieldStart("certificate");
        json.writeStringField("s", status.state());
        if (status.untilMs() > 0) {
            json.writeNumberField("until", status.untilMs());
            json.writeStringField("words", status.words());
        }
        json.writeNumberField("failures", status.failures());
        if (!status.lastError().isEmpty()) {
            json.writeStringField("lastError", status.lastError());
        }
        json.writeEndObject();
    }

    /** Keeps the time, and asks no more. */
    @Override
    public void close() {
        keep();
        if (renewer != null) {
            renewer.close();
        }
    }
}
