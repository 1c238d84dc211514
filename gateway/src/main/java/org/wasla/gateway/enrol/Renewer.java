package org.wasla.gateway.enrol;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.trust.Renewal;

/**
 * Keeps the box's certificate good, for ever: asks for the next one at half life, and in quarantine whether the box was
 * confirmed. Thread-safe; the work is done by one thread, {@code enrol}.
 */
public final class Renewer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Renewer.class);
    private static final long LOOK_MS = 1_000;
    private static final long CLOSE_MS = 2_000;
    private static final int FORBIDDEN = 403;
    private static final long REVOKED_WAIT_MS = TimeUnit.HOURS.toMillis(6);
    private static final String REVOKED = "revoked";

    private final IdentityFolder folder;
    private final @Nullable URI url;
    private final TlsClock clock;
    private final Path noted;
    private final Renewal renewal = new Renewal(new SplittableRandom());
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "enrol");
    private BiConsumer<String, Map<String, String>> audit = (event, fields) -> {};
    private String mark = "";
    private boolean revoked;
    private long faults;
    private @Nullable String lastNoted;
    private volatile @Nullable Identity identity;
    private volatile CertificateStatus status = CertificateStatus.NONE;

    /**
     * Reads the identity; {@link #start} sets it going.
     *
     * @param url of the endpoint; null: the one that the box was enrolled at
     * @param noted file with the number of the last certificate that the audit tells of
     */
    public Renewer(IdentityFolder folder, @Nullable URI url, TlsClock clock, Path noted) {
        this.folder = folder;
        this.url = url;
        this.clock = clock;
        this.noted = noted;
        this.thread.setDaemon(true);
        load();
    }

    /** @param audit takes events and their fields: enrol, renew, quarantine, confirm, revoke */
    public void start(BiConsumer<String, Map<String, String>> audit) {
        this.audit = audit;
        thread.start();
    }

    /** Whether somebody is still to confirm the box. */
    public boolean isQuarantined() {
        Identity now = identity;
        return now != null && now.life().quarantined();
    }

    /** From when the certificate is, UTC, ms: it is not earlier than that; 0 when there is none. */
    public long fromMs() {
        Identity now = identity;
        return now == null ? 0 : now.life().fromMs();
    }

    public CertificateStatus status() {
        return status;
    }

    private void run() {
        try {
            do {
                try {
                    step();
                } catch (RuntimeException ourBug) {
                    faults++;
                    if (Long.bitCount(faults) == 1) {
                        LOG.error("certificate could not be looked after count={}", faults, ourBug);
                    }
                }
            } while (!stop.await(LOOK_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException wanted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Another identity may have come from outside, by {@code wasla enrol}. */
    private void step() {
        if (!folder.mark().equals(mark)) {
            load();
        }
        Identity now = identity;
        if (now == null) {
            return;
        }
        if (!now.serial().equals(lastNoted())) {
            note("enrol", now);
        }
        if (renewal.isDue(now.life(), clock.nowMs(), System.nanoTime())) {
            renew(now);
        }
        tell(status.lastError());
    }

    private void load() {
        String found = folder.mark();
        try {
            identity = folder.load().orElse(null);
            revoked = false;
            renewal.succeeded();
            tell("");
        } catch (IOException damaged) {
            identity = null;
            status = new CertificateStatus("none", 0, "", 0, String.valueOf(damaged.getMessage()));
            LOG.error("certificate cannot be used cause=\"{}\"", damaged.getMessage());
        }
        mark = found;
    }

    private void renew(Identity now) {
        try {
            Answer answer = Enrolment.renew(now, url == null ? now.endpoint() : url, folder, clock);
            if (answer instanceof Answer.Issued) {
                load();
                renewed(now);
            } else if (answer instanceof Answer.Later later) {
                renewal.failed(now.life(), later.waitMs(), System.nanoTime());
                if (renewal.failures() == 1) {
                    LOG.warn("quarantine: records wait until the region has confirmed words=\"{}\"", now.words());
                }
            } else if (answer instanceof Answer.Refused refused) {
                refused(now, refused);
            }
        } catch (IOException failed) {
            failed(now, 0, String.valueOf(failed.getMessage()));
        }
    }

    private void renewed(Identity before) {
        Identity now = identity;
        if (now == null) {
            return;
        }
        boolean was = before.life().quarantined();
        boolean is = now.life().quarantined();
        note(is && !was ? "quarantine" : was && !is ? "confirm" : "renew", now);
        LOG.info(
                "certificate renewed until={} quarantine={}",
                Instant.ofEpochMilli(now.life().untilMs()),
                is);
    }

    private void refused(Identity now, Answer.Refused refused) {
        boolean isRevoked = refused.status() == FORBIDDEN && refused.why().startsWith(REVOKED);
        if (isRevoked && !revoked) {
            audit.accept("revoke", Map.of("serial", now.serial()));
        }
        revoked = isRevoked;
        failed(now, isRevoked ? REVOKED_WAIT_MS : 0, refused.status() + " " + refused.why());
    }

    /** A certificate that runs out is a box that falls silent: the less is left, the louder. */
    private void failed(Identity now, long waitMs, String why) {
        renewal.failed(now.life(), waitMs, System.nanoTime());
        tell(why);
        int count = renewal.failures();
        Renewal.Urgency urgency = now.life().at(clock.nowMs());
        if (urgency != Renewal.Urgency.DUE || revoked) {
            LOG.error(
                    "certificate not renewed state={} until={} count={} cause=\"{}\"; see ops/region/ENROL.md",
                    status.state(),
                    Instant.ofEpochMilli(now.life().untilMs()),
                    count,
                    why);
        } else if (Integer.bitCount(count) == 1) {
            LOG.warn(
                    "certificate not renewed until={} count={} cause=\"{}\"",
                    Instant.ofEpochMilli(now.life().untilMs()),
                    count,
                    why);
        }
    }

    private void tell(String why) {
        Identity now = identity;
        if (now == null) {
            status = CertificateStatus.NONE;
            return;
        }
        Renewal.Urgency urgency = now.life().at(clock.nowMs());
        boolean isOver = urgency == Renewal.Urgency.EXPIRED || urgency == Renewal.Urgency.GONE;
        String state = revoked
                ? REVOKED
                : now.life().quarantined() && !isOver
                        ? "quarantine"
                        : urgency.name().toLowerCase(Locale.ROOT);
        status = new CertificateStatus(state, now.life().untilMs(), now.words(), renewal.failures(), why);
    }

    private void note(String event, Identity of) {
        audit.accept(
                event,
                Map.of("serial", of.serial(), "until", String.valueOf(of.life().untilMs()), "words", of.words()));
        try {
            Files.writeString(noted, of.serial() + "\n", StandardCharsets.UTF_8);
        } catch (IOException again) {
            LOG.warn("certificate will be told twice in the audit cause=\"{}\"", again.getMessage());
        }
        lastNoted = of.serial();
    }

    private String lastNoted() {
        String known = lastNoted;
        if (known == null) {
            try {
                known = Files.readString(noted, StandardCharsets.UTF_8).strip();
            } catch (IOException first) {
                known = "";
            }
            lastNoted = known;
        }
        return known;
    }

    /** Stops asking; takes at most 2 s. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException wanted) {
            Thread.currentThread().interrupt();
        }
    }
}
