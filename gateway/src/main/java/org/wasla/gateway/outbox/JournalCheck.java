package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Looks at every byte of the journal that counts: heads, records, and whether segments and their ends are all there. How
 * much of a segment counts is told by the one after it; of the newest only the length of its file tells that it was cut.
 * One thread.
 */
final class JournalCheck {

    private static final String START = "copy the directory away, then start the agent: it goes on with what is whole"
            + " and tells the rest by gap events";
    private static final int FILL_BYTES = 128 << 10;

    private final BufferDir dir;
    private final JournalReader reader;
    private final long segmentBytes;
    private final Consumer<Finding> findings;

    /** @param segmentBytes the length that a new file of the journal gets */
    JournalCheck(BufferDir dir, JournalReader reader, long segmentBytes, Consumer<Finding> findings) {
        this.dir = dir;
        this.reader = reader;
        this.segmentBytes = segmentBytes;
        this.findings = findings;
    }

    void check() throws IOException {
        for (int index : reader.unreadableHeads()) {
            tell(
                    index,
                    "its head is damaged",
                    "export what is held, then start the agent: it goes on under a new epoch, with numbers from 1");
        }
        names();
        chain();
        Map<Long, Long> valid = reader.validBytes();
        for (JournalReader.Head head : reader.heads()) {
            Long bytes = valid.get(head.segment());
            if (bytes != null) {
                segment(head, bytes);
            }
        }
    }

    /** The files are numbered without a hole. */
    private void names() {
        for (int index = 0; index < reader.files(); index++) {
            if (!dir.hasJournal(index)) {
                tell(
                        index,
                        "the file is missing, and later ones are there",
                        "put it back before the agent is started: what only it held is told as a gap");
            }
        }
    }

    private void chain() {
        List<JournalReader.Head> heads = reader.heads();
        Set<Long> segments = heads.stream().map(JournalReader.Head::segment).collect(Collectors.toSet());
        for (int i = 1; i < heads.size(); i++) {
            long before = heads.get(i).goodSegment();
            if (before > heads.get(0).segment() && !segments.contains(before)) {
                findings.accept(new Finding(
                        BufferDir.journalName(heads.get(i).index()),
                        "segment " + before + " of the journal, which it follows, is in no file",
                        START));
            }
        }
    }

    private void segment(JournalReader.Head head, long valid) throws IOException {
        byte[] all = reader.read(head.index(), Integer.MAX_VALUE - 8);
        byte[] bytes = valid < all.length ? Arrays.copyOf(all, (int) valid) : all;
        int at = JournalFormat.SEGMENT_HEAD_BYTES;
        int end = at;
        int damaged = 0;
        int firstDamage = 0;
        while (at >= 0) {
            int length = JournalReader.lengthAt(bytes, at, head.segment());
            if (length >= 0) {
                at += JournalFormat.RECORD_HEAD_BYTES + length;
                end = at;
                continue;
            }
            int next = JournalReader.nextGood(bytes, at + 1, head.segment());
            if (next >= 0 && damaged++ == 0) {
                firstDamage = at;
            }
            at = next;
        }
        if (damaged > 0) {
            tell(
                    head.index(),
                    "bad bytes before good records in " + damaged + " places, first at " + firstDamage,
                    START);
        }
        if (valid != Long.MAX_VALUE && end < valid) {
            tell(head.index(), "ends at byte " + end + " and was durable up to byte " + valid, START);
        } else if (valid == Long.MAX_VALUE && isCut(head.index(), all.length)) {
            tell(
                    head.index(),
                    "the file was cut: it has " + all.length + " bytes and was made with " + segmentBytes,
                    START + "; what was in the missing part cannot be told");
        }
    }

    /** Shorter than a file is made; one that was made under a smaller buffer.max has the length of such a file. */
    private boolean isCut(int index, long length) throws IOException {
        if (length >= segmentBytes || length % FILL_BYTES == 0) {
            return false;
        }
        for (int other = 0; other < reader.files(); other++) {
            Path file = dir.path().resolve(BufferDir.journalName(other));
            if (other != index && length < FILL_BYTES && Files.size(file) == length) {
                return false;
            }
        }
        return true;
    }

    private void tell(int index, String what, String remedy) {
        findings.accept(new Finding(BufferDir.journalName(index), what, remedy));
    }
}
