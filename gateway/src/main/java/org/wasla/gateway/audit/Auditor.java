package org.wasla.gateway.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.trust.AuditLog;
import org.wasla.gateway.trust.BoxKey;
import org.wasla.gateway.trust.Ed25519;

/**
 * Writes down what is done to the box, and publishes it on {@code audit}. Thread-safe. An audit that cannot be written is
 * told in the log and in {@code health}, and keeps nothing from running: the devices must be read.
 */
public final class Auditor implements Closeable {
    /** The kind of audit records in the buffer; their device is the gateway. */
    static final String KIND = "audit";

    /** What the box's own key is locked for. */
    public static final String PURPOSE = "box";

    private static final Logger LOG = LoggerFactory.getLogger(Auditor.class);
    private static final long HEAD_EVERY_MS = 3_600_000;

    private final String gateway;
    private final Outbox outbox;
    private final BoxKey key;
    private final @Nullable AuditLog log;
    private final BooleanSupplier isSure;
    private long headAtMs;
    private long missed;

    private Auditor(
            String gateway, Outbox outbox, BoxKey key, @Nullable AuditLog log, long nowMs, BooleanSupplier isSure) {
        this.isSure = isSure;
        this.gateway = gateway;
        this.outbox = outbox;
        this.key = key;
        this.log = log;
        this.headAtMs = nowMs;
    }

    /** Where the audit of a buffer stands. */
    public static Path folder(Path buffer) {
        return buffer.resolve("trust").resolve("audit");
    }

    /** Where the key of a box stands. */
    public static Path keyFile(Path buffer) {
        return buffer.resolve("trust").resolve("box.key");
    }

    /** With a clock that is right. */
    public static Auditor open(String gateway, Path buffer, Outbox outbox) throws IOException {
        return open(gateway, buffer, outbox, () -> true);
    }

    /**
     * On a disk that cannot be written nothing is added to the chain: two ends of it would look like somebody's hand.
     *
     * @param isSure whether the clock is confirmed: else the time of an event is marked
     * @throws IOException when key or chain cannot be used
     */
    public static Auditor open(String gateway, Path buffer, Outbox outbox, BooleanSupplier isSure) throws IOException {
        long nowMs = System.currentTimeMillis();
        if (!outbox.isDurable()) {
            return new Auditor(gateway, outbox, lentKey(buffer, outbox), null, nowMs, isSure);
        }
        Files.createDirectories(folder(buffer));
        BoxKey key = BoxKey.open(keyFile(buffer), outbox.safe(PURPOSE));
        AuditLog log = AuditLog.open(folder(buffer), gateway, key, nowMs);
        Auditor auditor = new Auditor(gateway, outbox, key, log, nowMs, isSure);
        // The last record may have been written and not told.
        auditor.tell(log.last(), nowMs);
        return auditor;
    }

    /** The box's own; where it never had one, one for as long as the buffer lies in memory. */
    private static BoxKey lentKey(Path buffer, Outbox outbox) throws IOException {
        Path own = keyFile(buffer);
        Path lent = keyFile(outbox.directory());
        Files.createDirectories(lent.getParent());
        return BoxKey.open(Files.exists(own) ? own : lent, outbox.safe(PURPOSE));
    }

    private AuditLog log() throws IOException {
        AuditLog open = log;
        if (open == null) {
            throw new IOException("the disk cannot be written");
        }
        return open;
    }

    /** What others check the heads of the chain with, 32 bytes in base64url. */
    public String key() {
        return Ed25519.text(key.open());
    }

    /** What this box signs with. */
    public BoxKey boxKey() {
        return key;
    }

    /** @param fields nothing of a patient */
    public synchronized void note(String event, Map<String, String> fields) {
        long nowMs = System.currentTimeMillis();
        try {
            tell(log().append(event, isSure() ? fields : marked(fields), nowMs), nowMs);
        } catch (IOException notKept) {
            missed(event, notKept);
        }
    }

    private static Map<String, String> marked(Map<String, String> fields) {
        Map<String, String> marked = new HashMap<>(fields);
        marked.put("clk", "unsync");
        return marked;
    }

    /** Whether the times that are told now are right. */
    public boolean isSure() {
        return isSure.getAsBoolean();
    }

    /** Signs what is there once an hour. */
    public synchronized void tick(long nowMs) {
        if (log != null && Math.abs(nowMs - headAtMs) >= HEAD_EVERY_MS) {
            headAtMs = nowMs;
            head(nowMs);
        }
    }

    private void head(long nowMs) {
        try {
            String head = log().head(nowMs);
            if (head != null) {
                tell(head, nowMs);
            }
        } catch (IOException notKept) {
            missed("head", notKept);
        }
    }

    private void missed(String event, IOException notKept) {
        missed++;
        LOG.warn("audit not written event={} missed={} cause=\"{}\"", event, missed, notKept.getMessage());
    }

    /** Writes {@code audit} of the health document: how many records could not be written in this run. */
    public synchronized void health(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("audit");
        json.writeNumberField("missed", missed);
        json.writeEndObject();
    }

    private void tell(String record, long nowMs) throws IOException {
        if (!record.isEmpty()) {
            byte[] json = record.getBytes(StandardCharsets.UTF_8);
            outbox.offer(List.of(new Draft(gateway, KIND, Urgency.RESULT, nowMs, (epoch, seq) -> json)));
        }
    }

    /** Signs what is there; before the buffer is closed. */
    @Override
    public synchronized void close() {
        AuditLog open = log;
        if (open == null) {
            return;
        }
        head(System.currentTimeMillis());
        try {
            open.close();
        } catch (IOException e) {
            LOG.warn("audit not closed cleanly cause=\"{}\"", e.getMessage());
        }
    }
}
