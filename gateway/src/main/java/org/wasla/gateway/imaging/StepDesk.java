package org.wasla.gateway.imaging;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.Uids;

/** What all associations share that serve steps, commitment and worklist. Thread-safe. */
final class StepDesk implements AutoCloseable {
    private static final int INVALID_INSTANCE = 0x0117;
    private static final int REQUESTS = 0x0040_0270;
    private static final int STUDY = 0x0020_000d;
    private final ObjectStore store;
    private final StepBook steps;
    private final CommitBook commits;
    private final StepSettings settings;
    private final Surroundings around;
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

    StepDesk(ObjectStore store, StepBook steps, CommitBook commits, StepSettings settings, Surroundings around) {
        this.store = store;
        this.steps = steps;
        this.commits = commits;
        this.settings = settings;
        this.around = around;
    }

    /** @throws IOException when what was kept cannot be opened */
    static StepDesk open(ObjectStore store, ImagingSettings settings, Surroundings around) throws IOException {
        StepBook steps = StepBook.open(settings.dir(), store.safe());
        try {
            return new StepDesk(store, steps, CommitBook.open(settings.dir(), store), settings.steps(), around);
        } catch (IOException unusable) {
            steps.close();
            throw unusable;
        }
    }

    /** Made from a random UUID (PS3.5 annex B.2). */
    static String newUid() {
        UUID uuid = UUID.randomUUID();
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
        return "2.25." + new BigInteger(1, bytes);
    }

    /** @return the status to answer to an N-CREATE */
    int create(String uid, String caller, DataSet data) throws IOException {
        if (!Uids.isUsable(uid)) {
            return INVALID_INSTANCE;
        }
        String study = data.item(REQUESTS).text(STUDY);
        ExtractIdentity said = ExtractStep.of(data).identity();
        return store.takesNothing()
                ? counted(StepBook.NO_RESOURCES)
                : counted(steps.create(uid, caller, data, around.judge().whose(said, study == null ? "" : study)));
    }

    /** @return the status to answer to an N-SET */
    int set(String uid, DataSet data) throws IOException {
        return counted(store.takesNothing() ? StepBook.NO_RESOURCES : steps.set(uid, data));
    }

    private int counted(int status) {
        tally(status == 0 ? "steps" : "steps-refused");
        return status;
    }

    private void tally(String what) {
        counts.computeIfAbsent(what, name -> new AtomicLong()).incrementAndGet();
    }

    /** How often something has happened since the start, 0 when never. */
    long count(String what) {
        AtomicLong count = counts.get(what);
        return count == null ? 0 : count.get();
    }

    Worklist.Found find(DataSet keys, String caller, String transferSyntax) {
        tally("worklist-queries");
        return Worklist.find(keys, settings.charsets().getOrDefault(caller, ""), transferSyntax, around.scheduled());
    }

    /** In which character set a title writes that declares none; "" when nothing is known of it. */
    String charset(String caller) {
        return settings.charsets().getOrDefault(caller, "");
    }

    Surroundings.Judge judge() {
        return around.judge();
    }

    StepBook steps() {
        return steps;
    }

    CommitBook commits() {
        return commits;
    }

    @Override
    public void close() throws IOException {
        try {
            steps.close();
        } finally {
            commits.close();
        }
    }
}
