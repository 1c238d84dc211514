package org.wasla.gateway.imaging;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetDraft;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Element;
import org.wasla.gateway.dicom.Tags;
import org.wasla.gateway.dicom.TextCharset;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.dicom.Vr;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.vault.Safe;

/**
 * The performed procedure steps that modalities tell of, on disk before they are answered (PS3.4 annex F.7). Who the
 * patient is does not stand in it. Thread-safe.
 *
 * <pre>
 * S  instance  caller  UTC ms  state  whose 3  base64 of the data set   | crc   the step as it stands now
 * F  instance  state                                                    | crc   final, and told
 * </pre>
 */
final class StepBook implements AutoCloseable {
    static final String SOP_CLASS = "1.2.840.10008.3.1.2.3.3";
    static final int ATTRIBUTE_VALUE = 0x0106;
    static final int PROCESSING_FAILURE = 0x0110;
    static final int DUPLICATE = 0x0111;
    static final int NO_SUCH_INSTANCE = 0x0112;
    static final int MISSING_ATTRIBUTE = 0x0120;
    static final int NO_RESOURCES = 0x0213;
    private static final Logger LOG = LoggerFactory.getLogger(StepBook.class);
    private static final String NAME = "steps.log";
    private static final int STATUS = 0x0040_0252;
    private static final int REQUESTS = 0x0040_0270;
    private static final int STUDY = 0x0020_000d;
    /** Steps that are known to be final; of older ones nobody asks. */
    private static final int FINAL_MAX = 20_000;

    private static final int LIVE_MAX = 512;
    private static final long LIVE_BYTES_MAX = 8L << 20;
    private static final long WORN_BYTES = 8L << 20;
    /** Words of people, in which a name may stand. */
    private static final Set<Vr> WORDS = Set.of(Vr.LO, Vr.LT, Vr.ST, Vr.UT, Vr.UC);

    private final LineFile log;
    private final Map<String, Step> live = new LinkedHashMap<>();
    private final Map<String, State> done = new LinkedHashMap<>();
    /** Whose the live steps are in clear, to keep names out of what is set later; not known after a start. */
    private final Map<String, ExtractIdentity> identities = new HashMap<>();

    private long liveBytes;

    private StepBook(LineFile log) {
        this.log = log;
    }

    /** The states of PS3.3 C.4.14. */
    enum State {
        IN_PROGRESS,
        COMPLETED,
        DISCONTINUED;

        static @Nullable State of(@Nullable String sent) {
            for (State each : values()) {
                if (each.name().replace('_', ' ').equals(sent)) {
                    return each;
                }
            }
            return null;
        }

        boolean isFinal() {
            return this != IN_PROGRESS;
        }
    }

    /**
     * A step as it stands.
     *
     * @param timeMs UTC of the last message about it
     * @param version rises with each message, from 1; not kept over a start
     * @param data explicit little endian in UTF-8, without what says who the patient is
     */
    record Step(String uid, String caller, long timeMs, long version, State state, Whose whose, Bytes data) {
        ExtractStep extract() {
            return ExtractStep.of(read(data));
        }

        private List<String> fields() {
            List<String> fields = new ArrayList<>(List.of("S", uid, caller, Long.toString(timeMs), state.name()));
            fields.addAll(whose.fields());
            fields.add(Base64.getEncoder().encodeToString(data.toArray()));
            return fields;
        }
    }

    /** @return the data set as it was kept */
    private static DataSet read(Bytes data) {
        try {
            byte[] bytes = data.toArray();
            return DataSetFile.read(new ByteArrayInputStream(bytes), bytes.length, Uids.EXPLICIT_LITTLE, "")
                    .data();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static StepBook open(Path dir, Safe safe) throws IOException {
        List<List<String>> lines = new ArrayList<>();
        StepBook book = new StepBook(LineFile.open(dir.resolve(NAME), safe, lines::add));
        lines.forEach(book::load);
        if (book.log.bytes() > WORN_BYTES) {
            book.rewrite();
        }
        return book;
    }

    private void load(List<String> fields) {
        try {
            String uid = fields.get(1);
            if (fields.get(0).equals("F")) {
                finish(uid, State.valueOf(fields.get(2)));
            } else {
                put(new Step(
                        uid,
                        fields.get(2),
                        Long.parseLong(fields.get(3)),
                        1,
                        State.valueOf(fields.get(4)),
                        Whose.of(fields.subList(5, 8)),
                        Bytes.of(Base64.getDecoder().decode(fields.get(8)))));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException noneOfOurs) {
            LOG.warn("imaging a line of {} cannot be read and is passed over", NAME);
        }
    }

    private void rewrite() throws IOException {
        List<List<String>> lines = new ArrayList<>();
        done.forEach((uid, state) -> lines.add(List.of("F", uid, state.name())));
        live.values().forEach(step -> lines.add(step.fields()));
        log.replace(lines);
    }

    /**
     * Creates a step (N-CREATE).
     *
     * @return the status to answer; success once the step would survive the plug being pulled
     */
    synchronized int create(String uid, String caller, DataSet data, Whose whose) throws IOException {
        if (live.containsKey(uid) || done.containsKey(uid)) {
            return DUPLICATE;
        }
        boolean isWhole = data.text(STATUS) != null
                && !data.items(REQUESTS).isEmpty()
                && data.items(REQUESTS).stream().allMatch(each -> usable(each.text(STUDY)));
        if (!isWhole) {
            return MISSING_ATTRIBUTE;
        }
        if (State.of(data.text(STATUS)) != State.IN_PROGRESS) {
            return ATTRIBUTE_VALUE;
        }
        ExtractIdentity identity = ExtractIdentity.of(data);
        Bytes kept = merged(DataSet.EMPTY, data, identity);
        int status = keep(new Step(uid, caller, System.currentTimeMillis(), 1, State.IN_PROGRESS, whose, kept));
        if (status == 0) {
            identities.put(uid, identity);
        }
        return status;
    }

    private static boolean usable(@Nullable String uid) {
        return uid != null && Uids.isUsable(uid);
    }

    /**
     * Changes a step (N-SET).
     *
     * @return the status to answer; success once the change would survive the plug being pulled
     */
    synchronized int set(String uid, DataSet data) throws IOException {
        Step step = live.get(uid);
        if (done.containsKey(uid) || step != null && step.state().isFinal()) {
            return PROCESSING_FAILURE;
        }
        if (step == null) {
            return NO_SUCH_INSTANCE;
        }
        State next = data.element(STATUS) == null ? step.state() : State.of(data.text(STATUS));
        if (next == null) {
            return ATTRIBUTE_VALUE;
        }
        Bytes kept = merged(read(step.data()), data, identities.get(uid));
        return keep(
                new Step(uid, step.caller(), System.currentTimeMillis(), step.version() + 1, next, step.whose(), kept));
    }

    private int keep(Step step) throws IOException {
        Step before = live.get(step.uid());
        long more = bytes(step) - bytes(before);
        if (liveBytes + more > LIVE_BYTES_MAX || before == null && live.size() >= LIVE_MAX && !forgetOldest()) {
            return NO_RESOURCES;
        }
        log.append(step.fields());
        put(step);
        return 0;
    }

    /** A step that its modality never ends gives way. */
    private boolean forgetOldest() throws IOException {
        String oldest = live.keySet().iterator().next();
        LOG.warn("imaging a performed step was never ended and is given up steps={}", live.size());
        told(oldest);
        return true;
    }

    private void put(Step step) {
        Step before = live.remove(step.uid());
        liveBytes += bytes(step) - bytes(before);
        live.put(step.uid(), step);
    }

    private static long bytes(@Nullable Step step) {
        return step == null ? 0 : step.data().size();
    }

    /** What was kept, with what is set; without the patient. Words are left out where it is not known whom they may name. */
    private static Bytes merged(DataSet before, DataSet set, @Nullable ExtractIdentity identity) {
        DataSetDraft writer = new DataSetDraft(Uids.EXPLICIT_LITTLE, TextCharset.of(TextCharset.UTF_8, List.of()));
        writer.text(Tags.SPECIFIC_CHARACTER_SET, TextCharset.UTF_8);
        return writer.copy(before, element -> true)
                .copy(set, element -> isTold(element, identity))
                .toBytes();
    }

    private static boolean isTold(Element element, @Nullable ExtractIdentity identity) {
        int group = Tags.group(element.tag());
        if (element.vr() == Vr.PN || group == 0x0010 || group == 0x0038 || group % 2 == 1) {
            return false;
        }
        if (!(element.value() instanceof Element.Value.Text text) || element.vr() == Vr.UI) {
            return true;
        }
        return identity == null ? !WORDS.contains(element.vr()) : !identity.isNamedIn(text.text());
    }

    /** Steps that are not final, or final and not told yet, the one heard longest ago first. */
    synchronized List<Step> live() {
        return List.copyOf(live.values());
    }

    /** A step is final and was told, or is given up: that it was there is all that is kept. */
    synchronized void told(String uid) throws IOException {
        Step step = live.get(uid);
        if (step == null) {
            return;
        }
        State state = step.state().isFinal() ? step.state() : State.DISCONTINUED;
        log.append(List.of("F", uid, state.name()));
        finish(uid, state);
        if (log.bytes() > WORN_BYTES && log.bytes() > 4 * liveBytes) {
            rewrite();
        }
    }

    private void finish(String uid, State state) {
        Step step = live.remove(uid);
        identities.remove(uid);
        liveBytes -= bytes(step);
        done.put(uid, state);
        if (done.size() > FINAL_MAX) {
            done.remove(done.keySet().iterator().next());
        }
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }
}
