package org.wasla.gateway.follow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.HeldFile;
import org.wasla.gateway.epi.Held;
import org.wasla.gateway.epi.Held.Waiting;
import org.wasla.gateway.epi.Signals;
import org.wasla.gateway.epi.Signals.Signal;
import org.wasla.gateway.epi.Signals.Whose;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;
import org.wasla.gateway.render.Tree;

/**
 * Signals for epidemiology: made of every durable result, held back on disk without whose they are, published one by one. A result
 * is read again until its signal is durable, and a signal is kept until its document is in the buffer: none is lost, and one that
 * comes twice has the same id. One thread.
 *
 * <p>The file of what is held: lines of JSON, see {@link HeldFile}.
 *
 * <pre>
 * key                  makes the sealed names; the first line
 * put, id, due, doc    a signal by its sealed name; counts once a line with "at" follows
 * at, ep               where the streams of results are read to
 * gone                 the sealed name of a signal whose document is in the buffer
 * </pre>
 */
final class EpiSignals implements StreamReader.Taker {
    /** The stream's kind. */
    static final String KIND = "epi";

    static final String FILE = "epi.held";
    private static final Logger LOG = LoggerFactory.getLogger(EpiSignals.class);
    private static final int KEY_BYTES = 16;
    private static final int NAME_BYTES = 8;
    private static final int LINES_MORE = 10_000;

    private final String gateway;
    private final Outbox outbox;
    private final BiFunction<String, String, Whose> whose;
    private final LongSupplier nowMs;
    private final HeldFile file;
    private final Signals signals;
    private final Held held;
    private final StreamReader reader;
    private byte[] key = new byte[KEY_BYTES];
    private long lines;
    private final List<String> unsaved = new ArrayList<>();
    private boolean isDamaged;

    /**
     * @param whose what is known of the patient of a specimen, by its number and that of the order
     * @param nowMs the wall clock, UTC
     * @throws IOException when the file of what is held cannot be used
     */
    EpiSignals(
            Config config, Config.Epi epi, Outbox outbox, BiFunction<String, String, Whose> whose, LongSupplier nowMs)
            throws IOException {
        this.gateway = config.gateway().id();
        this.outbox = outbox;
        this.whose = whose;
        this.nowMs = nowMs;
        this.file = new HeldFile(outbox.directory().resolve(FILE), outbox.safe("epi"));
        this.signals = new Signals(
                config.gateway().region(), epi.site(), config.gateway().zone());
        SecureRandom random = new SecureRandom();
        this.held = new Held(signals, epi.weekly(), random, this::sealed);
        this.reader = new StreamReader(outbox, List.of("res"), Set.of("res"));
        random.nextBytes(key);
        if (file.exists()) {
            restore(file.lines());
        }
        rewrite();
        LOG.info("signals held={}", held.all().size());
    }

    /** The same for the same name on this box, and not to be traced back without its key. */
    private String sealed(String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            byte[] sum = digest.digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, NAME_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void restore(List<String> saved) throws IOException {
        List<Waiting> open = new ArrayList<>();
        for (String line : saved) {
            Tree tree = Tree.read(line.getBytes(StandardCharsets.UTF_8));
            if (tree.has("key")) {
                key = HexFormat.of().parseHex(tree.text("key"));
            } else if (tree.has("put")) {
                open.add(new Waiting(tree.text("put"), tree.text("id"), tree.whole("due"), tree.text("doc")));
            } else if (tree.has("gone")) {
                held.gone(tree.text("gone"));
            } else if (tree.has("at")) {
                open.forEach(held::put);
                open.clear();
                reader.restore(tree);
            }
        }
    }

    private void rewrite() throws IOException {
        List<String> all = new ArrayList<>();
        all.add(JsonText.write(
                json -> json.writeStringField("key", HexFormat.of().formatHex(key))));
        held.allGone().forEach(name -> all.add(gone(name)));
        held.all().forEach(waiting -> all.add(put(waiting)));
        all.add(JsonText.write(reader::write));
        file.replace(all);
        lines = all.size();
        isDamaged = false;
        unsaved.clear();
    }

    private static String put(Waiting waiting) {
        return JsonText.write(json -> {
            json.writeStringField("put", waiting.name());
            json.writeStringField("id", waiting.id());
            json.writeNumberField("due", waiting.dueMs());
            json.writeStringField("doc", waiting.document());
        });
    }

    private static String gone(String name) {
        return JsonText.write(json -> json.writeStringField("gone", name));
    }

    @Override
    public void numbers(String device, String kind, long count) {
        // Results are read, not counted.
    }

    @Override
    public void record(Tree record) {
        Whose of = whose.apply(record.text("sp"), record.text("ord"));
        for (Signal signal : signals.of(record, of)) {
            held.take(signal, nowMs.getAsLong()).ifPresent(waiting -> unsaved.add(put(waiting)));
        }
    }

    /** To be called every second or so. What cannot be kept, or is refused by the buffer, is tried again by the next call. */
    void tick() {
        try {
            boolean hasRead = reader.read(this);
            save(hasRead);
            publish();
        } catch (IOException notNow) {
            LOG.debug("signals wait cause=\"{}\"", notNow.getMessage());
        }
    }

    /** @param hasRead whether results were read that may have made no signal */
    private void save(boolean hasRead) throws IOException {
        if (isDamaged || lines > 2L * held.size() + LINES_MORE) {
            rewrite();
        } else if (hasRead || !unsaved.isEmpty()) {
            unsaved.add(JsonText.write(reader::write));
            isDamaged = true;
            file.append(unsaved);
            isDamaged = false;
            lines += unsaved.size();
            unsaved.clear();
        }
    }

    private void publish() throws IOException {
        long now = nowMs.getAsLong();
        List<Waiting> due = held.due(now);
        if (due.isEmpty()) {
            return;
        }
        List<Draft> drafts = new ArrayList<>();
        for (Waiting each : due) {
            byte[] document = each.document().getBytes(StandardCharsets.UTF_8);
            drafts.add(new Draft(gateway, KIND, Urgency.RESULT, now, (epoch, seq) -> document));
        }
        outbox.keep(drafts);
        for (Waiting each : due) {
            held.gone(each.name());
            unsaved.add(gone(each.name()));
        }
        save(false);
    }
}
