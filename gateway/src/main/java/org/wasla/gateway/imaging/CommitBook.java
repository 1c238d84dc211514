package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetDraft;
import org.wasla.gateway.dicom.TextCharset;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.vault.Safe;

/**
 * What modalities want to know of before they delete it, and have not been told yet: on disk before the request is answered
 * (storage commitment push model, PS3.4 annex J). An object counts as held when its row is in the index, which it is only
 * after its file was synced, and its file is there. Thread-safe.
 *
 * <pre>
 * T  transaction  caller  address  UTC ms  class=instance ...   | crc   asked
 * D  transaction                                                | crc   answered, or given up
 * </pre>
 */
final class CommitBook implements AutoCloseable {
    static final String SOP_CLASS = "1.2.840.10008.1.20.1";
    static final String INSTANCE = "1.2.840.10008.1.20.1.1";
    static final int DUPLICATE_TRANSACTION = 0x0131;
    static final int INVALID_ARGUMENT = 0x0115;
    static final int ALL_HELD = 1;
    static final int SOME_FAILED = 2;
    private static final int NO_SUCH_OBJECT = 0x0112;
    private static final int OTHER_CLASS = 0x0119;
    private static final Logger LOG = LoggerFactory.getLogger(CommitBook.class);
    private static final int TRANSACTION = 0x0008_1195;
    private static final int REFERENCES = 0x0008_1199;
    private static final int FAILURES = 0x0008_1198;
    private static final int REASON = 0x0008_1197;
    private static final int CLASS_OF = 0x0008_1150;
    private static final int INSTANCE_OF = 0x0008_1155;
    private static final int OPEN_MAX = 1_000;
    private static final long WORN_BYTES = 1L << 20;

    private final ObjectStore store;
    private final LineFile log;
    private final Map<String, Asked> open = new LinkedHashMap<>();
    private final Set<String> claimed = new HashSet<>();

    private CommitBook(ObjectStore store, LineFile log) {
        this.store = store;
        this.log = log;
    }

    /** One object by class and instance. */
    record Item(String sopClass, String instance) {}

    /**
     * One request that is not answered yet.
     *
     * @param address that it came from
     */
    record Asked(String transaction, String caller, String address, long timeMs, List<Item> items) {
        Asked {
            items = List.copyOf(items);
        }

        private List<String> fields() {
            StringBuilder all = new StringBuilder();
            items.forEach(item -> all.append(item.sopClass())
                    .append('=')
                    .append(item.instance())
                    .append(' '));
            return List.of("T", transaction, caller, address, Long.toString(timeMs), all.toString());
        }

        private static Asked of(List<String> fields) {
            List<Item> items = new ArrayList<>();
            for (String word : fields.get(5).strip().split(" ")) {
                String[] pair = word.split("=", 2);
                items.add(new Item(pair[0], pair[1]));
            }
            return new Asked(fields.get(1), fields.get(2), fields.get(3), Long.parseLong(fields.get(4)), items);
        }
    }

    /**
     * What there is to say to a request.
     *
     * @param event {@link #ALL_HELD} or {@link #SOME_FAILED}
     */
    record Report(int event, Bytes data) {}

    static CommitBook open(Path dir, ObjectStore store) throws IOException {
        Safe safe = store.safe();
        List<List<String>> lines = new ArrayList<>();
        CommitBook book = new CommitBook(store, LineFile.open(dir.resolve("commit.log"), safe, lines::add));
        lines.forEach(book::load);
        if (book.log.bytes() > WORN_BYTES) {
            book.rewrite();
        }
        return book;
    }

    private void load(List<String> fields) {
        try {
            if (fields.get(0).equals("D")) {
                open.remove(fields.get(1));
            } else {
                Asked asked = Asked.of(fields);
                open.put(asked.transaction(), asked);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException noneOfOurs) {
            LOG.warn("imaging a line of commit.log cannot be read and is passed over");
        }
    }

    private void rewrite() throws IOException {
        log.replace(open.values().stream().map(Asked::fields).toList());
    }

    /**
     * Takes a request (N-ACTION).
     *
     * @return the status to answer; success once the request would survive the plug being pulled
     */
    synchronized int ask(DataSet data, String caller, String address) throws IOException {
        String transaction = data.text(TRANSACTION);
        List<Item> items = new ArrayList<>();
        for (DataSet each : data.items(REFERENCES)) {
            String sopClass = each.text(CLASS_OF);
            String instance = each.text(INSTANCE_OF);
            if (!usable(sopClass) || !usable(instance)) {
                return INVALID_ARGUMENT;
            }
            items.add(new Item(String.valueOf(sopClass), String.valueOf(instance)));
        }
        if (!usable(transaction) || items.isEmpty()) {
            return INVALID_ARGUMENT;
        }
        Asked asked = new Asked(String.valueOf(transaction), caller, address, System.currentTimeMillis(), items);
        Asked before = open.get(asked.transaction());
        if (before != null) {
            // Who heard no answer asks again; the same name for other objects is a mistake.
            boolean isSame = before.caller().equals(caller) && before.items().equals(items);
            return isSame ? 0 : DUPLICATE_TRANSACTION;
        }
        if (store.takesNothing() || open.size() >= OPEN_MAX) {
            return StepBook.NO_RESOURCES;
        }
        log.append(asked.fields());
        open.put(asked.transaction(), asked);
        return 0;
    }

    private static boolean usable(@Nullable String uid) {
        return uid != null && Uids.isUsable(uid) && uid.indexOf('=') < 0;
    }

    synchronized List<Asked> open() {
        return List.copyOf(open.values());
    }

    /** The oldest of this caller that nobody is answering now; it is the asker's until {@link #release} or {@link #done}. */
    synchronized @Nullable Asked claim(String caller) {
        for (Asked each : open.values()) {
            if (each.caller().equals(caller) && claimed.add(each.transaction())) {
                return each;
            }
        }
        return null;
    }

    /** Whether it is the asker's now. */
    synchronized boolean claim(Asked asked) {
        return open.containsKey(asked.transaction()) && claimed.add(asked.transaction());
    }

    synchronized void release(Asked asked) {
        claimed.remove(asked.transaction());
    }

    /** The peer has taken the answer, or it is given up. */
    synchronized void done(Asked asked) throws IOException {
        claimed.remove(asked.transaction());
        if (open.remove(asked.transaction()) != null) {
            log.append(List.of("D", asked.transaction()));
            if (open.isEmpty() && log.bytes() > WORN_BYTES) {
                rewrite();
            }
        }
    }

    /** Looks for every object of a request as it is held now. */
    Report report(Asked asked, String transferSyntax) throws IOException {
        DataSetDraft writer = new DataSetDraft(transferSyntax, TextCharset.of("", List.of()));
        List<DataSetDraft> held = new ArrayList<>();
        List<DataSetDraft> failed = new ArrayList<>();
        for (Item item : asked.items()) {
            int reason = reason(item);
            DataSetDraft told = writer.item().text(CLASS_OF, item.sopClass()).text(INSTANCE_OF, item.instance());
            if (reason == 0) {
                held.add(told);
            } else {
                failed.add(told.number(REASON, reason));
            }
        }
        writer.text(TRANSACTION, asked.transaction());
        if (!held.isEmpty()) {
            writer.sequence(REFERENCES, held);
        }
        if (!failed.isEmpty()) {
            writer.sequence(FAILURES, failed);
        }
        return new Report(failed.isEmpty() ? ALL_HELD : SOME_FAILED, writer.toBytes());
    }

    /** 0 when the object is held, else why it is not (PS3.3 C.14.1.1). */
    private int reason(Item item) throws IOException {
        boolean isOther = false;
        for (Instance each : store.index().find(item.instance())) {
            boolean isThere = Files.exists(store.file(each)) && Files.size(store.file(each)) > each.bytes();
            if (isThere && each.sopClass().equals(item.sopClass())) {
                return 0;
            }
            isOther |= isThere;
        }
        return isOther ? OTHER_CLASS : NO_SUCH_OBJECT;
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }
}
