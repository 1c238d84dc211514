package org.wasla.gateway.identity;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.patient.Inquiry;
import org.wasla.gateway.vault.Safe;

/**
 * What a registry was asked and has answered, on disk; pseudonyms and the registry's references only. Thread-safe. A line
 * is one state of an inquiry, the newest of one pseudonym counts:
 * {@code ref, asked, rev, said, reg, merged, told, toldRev} between tabs, an empty one is null.
 */
public final class InquiryStore implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(InquiryStore.class);
    /** Beyond this the pseudonym goes of which nothing was heard for longest; a registry that answers it is refused. */
    static final int INQUIRIES_MAX = 20_000;

    private static final long WORN_BYTES = 1L << 20;
    private static final int FIELDS = 8;

    private final LineLog log;
    private final Map<String, Inquiry> inquiries = new LinkedHashMap<>();
    private long wornBytes = WORN_BYTES;

    private InquiryStore(LineLog log) {
        this.log = log;
    }

    static InquiryStore open(Path file, Safe safe) throws IOException {
        List<String> lines = new ArrayList<>();
        InquiryStore store = new InquiryStore(LineLog.open(file, safe, lines));
        long unread = store.log.damaged();
        for (String line : lines) {
            Optional<Inquiry> inquiry = inquiry(LineLog.fields(line));
            unread += inquiry.isPresent() ? 0 : 1;
            inquiry.ifPresent(store::put);
        }
        if (unread > 0) {
            LOG.warn("lines of the registry's answers cannot be read and are passed over count={}", unread);
        }
        return store;
    }

    private static Optional<Inquiry> inquiry(List<String> fields) {
        if (fields.size() != FIELDS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Inquiry(
                    fields.get(0),
                    Integer.parseInt(fields.get(1)),
                    Long.parseLong(fields.get(2)),
                    Inquiry.Said.valueOf(fields.get(3)),
                    fields.get(4).isEmpty() ? null : fields.get(4),
                    Boolean.parseBoolean(fields.get(5)),
                    fields.get(6).isEmpty() ? null : fields.get(6),
                    Long.parseLong(fields.get(7))));
        } catch (IllegalArgumentException noneOfOurs) {
            return Optional.empty();
        }
    }

    private static String line(Inquiry of) {
        return String.join(
                "\t",
                of.ref(),
                Integer.toString(of.asked()),
                Long.toString(of.rev()),
                of.said().name(),
                of.reg() == null ? "" : of.reg(),
                Boolean.toString(of.isMerged()),
                of.told() == null ? "" : of.told(),
                Long.toString(of.toldRev()));
    }

    private void put(Inquiry inquiry) {
        inquiries.remove(inquiry.ref());
        inquiries.put(inquiry.ref(), inquiry);
        if (inquiries.size() > INQUIRIES_MAX) {
            inquiries.remove(inquiries.keySet().iterator().next());
        }
    }

    public synchronized Optional<Inquiry> get(String ref) {
        return Optional.ofNullable(inquiries.get(ref));
    }

    public synchronized List<Inquiry> all() {
        return List.copyOf(inquiries.values());
    }

    /** Returns once they would survive the plug being pulled. When it throws some may, and are to be kept again. */
    public synchronized void keep(List<Inquiry> changed) throws IOException {
        if (changed.isEmpty()) {
            return;
        }
        log.append(changed.stream().map(InquiryStore::line).toList());
        changed.forEach(this::put);
        if (log.bytes() > wornBytes) {
            rewrite();
        }
    }

    /** Forgets what the registry said of these. Returns once it is gone from the file. */
    synchronized void erase(Collection<String> refs) throws IOException {
        inquiries.keySet().removeAll(refs);
        rewrite();
    }

    private void rewrite() throws IOException {
        log.replace(inquiries.values().stream().map(InquiryStore::line).toList());
        wornBytes = Math.max(WORN_BYTES, 2 * log.bytes());
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }
}
