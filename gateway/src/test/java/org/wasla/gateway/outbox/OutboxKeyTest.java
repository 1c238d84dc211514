package org.wasla.gateway.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.vault.DataKey;
import org.wasla.gateway.vault.KeyFile;
import org.wasla.gateway.vault.WrongKeyException;

/** An encrypted buffer: nothing of a record is readable on disk, and a key that does not fit changes nothing. */
class OutboxKeyTest {
    private static final String KNOWN = "specimen-S4711-glucose";
    private static final int RECORDS = 1_500;

    @TempDir
    Path dir;

    private final DataKey key = DataKey.fresh();

    private OutboxSettings settings(@Nullable DataKey with) {
        return new OutboxSettings(dir, 16L << 20, 0, with);
    }

    private Outbox open(@Nullable DataKey with) throws IOException {
        return Outbox.open(settings(with), Gaps::event);
    }

    private static Draft draft(String device, int i) {
        byte[] body = (KNOWN + " " + i + " " + "0123456789".repeat(60)).getBytes(StandardCharsets.UTF_8);
        return new Draft(device, "obs", Urgency.OBSERVATION, 1, (epoch, seq) -> body);
    }

    private void fill(@Nullable DataKey with, String device) throws IOException {
        try (Outbox outbox = open(with)) {
            for (int i = 0; i < RECORDS; i += 100) {
                List<Draft> drafts = new ArrayList<>();
                for (int j = 0; j < 100; j++) {
                    drafts.add(draft(device, i + j));
                }
                outbox.append(drafts);
            }
        }
    }

    private long held(@Nullable DataKey with, String device) throws Exception {
        try (Outbox outbox = open(with)) {
            Drafts.all(outbox, Urgency.OBSERVATION);
            assertEquals(List.of(), Gaps.of(Drafts.all(outbox, Urgency.RESULT)));
            return outbox.stream(device, "obs", 1, Long.MAX_VALUE, 2 * RECORDS).stream()
                    .filter(entry -> new String(entry.payload(), StandardCharsets.UTF_8).startsWith(KNOWN))
                    .count();
        }
    }

    private boolean isReadable(String text) throws IOException {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                if (all.contains(new String(wanted, StandardCharsets.ISO_8859_1))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Every file as it is: names and contents. */
    private Map<String, Integer> files() throws IOException {
        Map<String, Integer> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(dir.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    @Test
    void nothingOfARecordIsReadableOnDisk() throws Exception {
        fill(key, "a");
        assertFalse(isReadable(KNOWN));
        assertEquals(RECORDS, held(key, "a"));
    }

    /** The control: without a key the same search finds it. */
    @Test
    void withoutAKeyItIs() throws Exception {
        fill(null, "a");
        assertTrue(isReadable(KNOWN));
    }

    @Test
    void anotherKeyOrNoneChangesNoByte() throws Exception {
        fill(key, "a");
        Map<String, Integer> before = files();
        IOException wrong = assertThrows(WrongKeyException.class, () -> open(DataKey.fresh()));
        assertTrue(String.valueOf(wrong.getMessage()).contains("does not open this buffer"), wrong.getMessage());
        assertThrows(WrongKeyException.class, () -> open(null));
        assertThrows(WrongKeyException.class, () -> BufferLook.open(settings(null)));
        assertEquals(before, files());
        assertEquals(RECORDS, held(key, "a"));
    }

    /** The note that names the key is lost: the journal says the same. */
    @Test
    void theJournalItselfKnowsItsKey() throws Exception {
        fill(key, "a");
        Files.delete(dir.resolve(KeyFile.MARK));
        assertThrows(IOException.class, () -> open(null));
        assertEquals(List.of(), Damage.files(dir, "quarantine-*"));
        assertEquals(RECORDS, held(key, "a"));
    }

    /** Switching it on: what was there is sent as it is, and no new record lies readable. */
    @Test
    void aPlainBufferGoesOnEncrypted() throws Exception {
        fill(null, "a");
        long plain = Damage.files(dir, "records-*.mv.db").size();
        assertTrue(plain > 0);
        fill(key, "b");
        assertEquals(RECORDS, held(key, "a"));
        assertEquals(RECORDS, held(key, "b"));
    }

    @Test
    void theToolsReadItWithTheKey() throws Exception {
        fill(key, "a");
        try (BufferLook look = BufferLook.open(settings(key))) {
            Verification verification = look.verify(payload -> null, (file, bytes) -> {});
            assertEquals(List.of(), verification.findings());
            long[] count = new long[1];
            look.export(new BufferLook.Wanted("a.obs", false), payload -> null, entry -> count[0]++, finding -> {});
            assertEquals(RECORDS, count[0]);
        }
    }

    /** A byte that was changed behind the checksum's back costs its group, which is told. */
    @Test
    void aGroupThatWasTamperedWithIsTold() throws Exception {
        try (Outbox outbox = open(key)) {
            for (int i = 0; i < 5; i++) {
                outbox.append(List.of(draft("a", i)));
            }
        }
        Path journal = Damage.files(dir, "journal-0.log").get(0);
        byte[] bytes = Files.readAllBytes(journal);
        int record = nth(bytes, 4);
        int length = java.nio.ByteBuffer.wrap(bytes, record + 4, 4).getInt();
        bytes[record + JournalFormat.RECORD_HEAD_BYTES + length / 2] ^= 1;
        int crc = JournalFormat.crc(1, bytes, record + JournalFormat.RECORD_HEAD_BYTES - 1, length + 1);
        java.nio.ByteBuffer.wrap(bytes, record + 8, 4).putInt(crc);
        Files.write(journal, bytes);
        for (Path store : Damage.files(dir, "records-*")) {
            Files.delete(store);
        }
        try (Outbox outbox = open(key)) {
            List<Gaps.Gap> gaps = Gaps.of(Drafts.all(outbox, Urgency.RESULT));
            assertEquals(1, gaps.size(), gaps.toString());
            assertEquals(1, gaps.get(0).to() - gaps.get(0).from() + 1);
        }
    }

    /** Where the nth record of the first segment begins, counted from 1. */
    private static int nth(byte[] bytes, int wanted) {
        int at = JournalFormat.SEGMENT_HEAD_BYTES;
        for (int i = 1; i < wanted; i++) {
            at += JournalFormat.RECORD_HEAD_BYTES + JournalReader.lengthAt(bytes, at, 1);
        }
        return at;
    }
}
