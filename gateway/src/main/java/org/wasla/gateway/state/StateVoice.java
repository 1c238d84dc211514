package org.wasla.gateway.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.Body;
import org.wasla.gateway.config.Why;
import org.wasla.gateway.trust.RevisionProof;
import org.wasla.gateway.trust.Revisions.Revision;

/**
 * What the platform is told of states, and what it has of this box. Its last report is retained there with a proof of the
 * highest revision; nothing is told before the platform could be asked for it, since that would replace it. Thread-safe,
 * but that {@link #catchUp} and what reports are for one thread at a time.
 */
public final class StateVoice {
    private static final Logger LOG = LoggerFactory.getLogger(StateVoice.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int REPORT_BYTES_MAX = 1 << 20;
    /** So long after the platform could be asked what it has of us, what we have is told. */
    private static final long ASKED_MS = 2_000;
    /** And so long after the start where it cannot be asked. */
    private static final long UNASKED_MS = 60_000;

    private final String gateway;
    private final StateBook book;
    private final Auditor auditor;
    private final Consumer<String> reported;
    private final LongSupplier wallMs;
    private final AtomicReference<@Nullable Revision> seen = new AtomicReference<>();
    private volatile long tellAtNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(UNASKED_MS);
    private volatile boolean hasTold;
    private volatile StateReport last;

    /**
     * @param notInForce what keeps the newest state from being in force
     * @param reported takes {@code cfg/reported}
     * @param wallMs UTC
     */
    StateVoice(
            String gateway,
            StateBook book,
            Auditor auditor,
            List<Why> notInForce,
            Consumer<String> reported,
            LongSupplier wallMs) {
        this.gateway = gateway;
        this.book = book;
        this.auditor = auditor;
        this.reported = reported;
        this.wallMs = wallMs;
        StateBook.Current now = book.current();
        long number = Math.max(now.number(), book.highest().number());
        if (notInForce.isEmpty()) {
            last = new StateReport(now.number(), now.hash(), "applied", now.by(), nowMs(), auditor.isSure(), List.of());
        } else {
            last = new StateReport(number, now.hash(), "reverted", now.by(), nowMs(), auditor.isSure(), notInForce);
            note(last);
            LOG.error(
                    "the state given last is not in force reason=\"{}\"",
                    notInForce.get(0).what());
        }
    }

    /** The wall clock, UTC. */
    long nowMs() {
        return wallMs.getAsLong();
    }

    /** Whether what was told last is that a state counts no more. */
    boolean isReverted() {
        return last.outcome().equals("reverted");
    }

    /** Writes {@code cfg} of the health document: where no retained message is kept it says what the box is on. */
    public void health(JsonGenerator json) throws IOException {
        StateBook.Current now = book.current();
        json.writeObjectFieldStart("cfg");
        json.writeNumberField("rev", now.number());
        json.writeStringField("hash", now.hash());
        json.writeNumberField("had", book.highest().number());
        json.writeBooleanField("local", now.isLocal());
        json.writeStringField("s", last.outcome());
        json.writeEndObject();
    }

    /** The platform can be asked now; what it has of us comes at once, or it has nothing. */
    void asked() {
        if (!hasTold) {
            tellAtNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ASKED_MS);
        }
    }

    /** What the platform has of us: a higher revision than on this disk counts as had. */
    void seen(byte[] report) {
        if (report.length > REPORT_BYTES_MAX) {
            return;
        }
        try (JsonParser json = JSON.createParser(report)) {
            String proof = Body.read(json, new ArrayList<>()).plain("proof");
            RevisionProof.read(proof, gateway, auditor.boxKey()).ifPresent(this::remember);
        } catch (IOException noReport) {
            LOG.warn("what the platform has of this box is no report");
        }
    }

    /** Older reports of ours may be under way behind the newest. */
    private void remember(Revision had) {
        seen.accumulateAndGet(had, (before, now) -> before == null || before.number() < now.number() ? now : before);
    }

    /** The disk is an old copy: revisions up to the one that the platform has are not taken again. */
    void catchUp() {
        Revision had = seen.getAndSet(null);
        if (had == null || had.number() <= book.highest().number()) {
            return;
        }
        StateBook.Current now = book.current();
        try {
            book.raise(had);
        } catch (IOException notNoted) {
            LOG.warn("the revision is not noted on disk cause=\"{}\"", notNoted.getMessage());
        }
        auditor.note(
                "revision-behind", Map.of("rev", String.valueOf(now.number()), "had", String.valueOf(had.number())));
        String what = "its disk was set back to rev " + now.number() + ", an older copy; rev " + had.number()
                + " was had, so give what is wanted a higher one, and name this hash in prev";
        report(had.number(), now.hash(), "reverted", now.by(), List.of(new Why("box", what)));
    }

    /** Tells what is in force, once nothing better is to be learnt from the platform. */
    void tellWhenDue() {
        if (!hasTold && System.nanoTime() - tellAtNs > 0) {
            tell();
        }
    }

    /** The end of a state is audited and told. */
    void end(long revision, String hash, String outcome, String by, List<Why> why) {
        note(new StateReport(revision, hash, outcome, by, nowMs(), auditor.isSure(), why));
        report(revision, hash, outcome, by, why);
    }

    private void note(StateReport report) {
        Map<String, String> fields = new HashMap<>();
        fields.put("rev", String.valueOf(report.revision()));
        fields.put("hash", report.hash());
        if (!report.by().isEmpty()) {
            fields.put("by", report.by());
        }
        if (!report.why().isEmpty()) {
            fields.put(
                    "why", report.why().get(0).at() + ": " + report.why().get(0).what());
        }
        auditor.note("config-" + report.outcome(), fields);
        LOG.info(
                "state rev={} outcome={} reasons={}",
                report.revision(),
                report.outcome(),
                report.why().size());
    }

    void report(long revision, String hash, String outcome, String by, List<Why> why) {
        last = new StateReport(revision, hash, outcome, by, nowMs(), auditor.isSure(), why);
        tell();
    }

    /** Says again what was said last. */
    void tell() {
        hasTold = true;
        if (book.highest().number() > 0 || last.revision() > 0 || !last.why().isEmpty()) {
            reported.accept(text());
        }
    }

    /** What was said last, with what is in force now. */
    String text() {
        Revision highest = book.highest();
        String proof = highest.number() > 0 ? RevisionProof.of(gateway, auditor.boxKey(), highest) : "";
        return last.json(highest.number(), book.current().hash(), proof);
    }
}
