package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.FileHead;

/**
 * One object on its way to disk: fragments are gathered in 128 KiB outside the heap and written as they come. One thread.
 * {@link #close} leaves nothing of what was not committed.
 */
final class Incoming implements AutoCloseable {
    private static final int STAGE_BYTES = 128 << 10;
    /** One a receiving thread, kept for its next object. */
    private static final ThreadLocal<ByteBuffer> STAGES =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(STAGE_BYTES));

    private final ObjectStore store;
    private final String sopClass;
    private final String uid;
    private final String transferSyntax;
    private final String caller;
    private final int number;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer stage = STAGES.get();
    private final int headBytes;
    private @Nullable FileChannel file;
    private long bytes;
    private long written;
    private boolean isDone;
    private @Nullable Instance stored;

    Incoming(ObjectStore store, String sopClass, String uid, String transferSyntax, String caller, int number) {
        this.store = store;
        this.sopClass = sopClass;
        this.uid = uid;
        this.transferSyntax = transferSyntax;
        this.caller = caller;
        this.number = number;
        stage.clear();
        byte[] head = FileHead.write(sopClass, uid, transferSyntax, caller);
        headBytes = head.length;
        stage.put(head);
    }

    /**
     * Takes the next bytes of the data set, unchanged.
     *
     * @return false when there is no room for them
     */
    boolean write(byte[] chunk, int from, int to) throws IOException {
        crc.update(chunk, from, to - from);
        bytes += to - from;
        int at = from;
        while (at < to) {
            if (!stage.hasRemaining() && !flush()) {
                return false;
            }
            int count = Math.min(stage.remaining(), to - at);
            stage.put(chunk, at, count);
            at += count;
        }
        return true;
    }

    private boolean flush() throws IOException {
        stage.flip();
        if (!store.hasRoom(stage.remaining())) {
            return false;
        }
        store.underWay(stage.remaining());
        FileChannel to = file;
        if (to == null) {
            to = FileChannel.open(store.files().path(number, ObjectFiles.PART), StandardOpenOption.WRITE);
            file = to;
        }
        written += stage.remaining();
        while (stage.hasRemaining()) {
            to.write(stage);
        }
        stage.clear();
        return true;
    }

    /**
     * Writes out what is still here of what is not to become an object, to be read from {@link #part} until {@link #close}.
     *
     * @return false when there is no room for it
     */
    boolean park() throws IOException {
        if (!flush()) {
            return false;
        }
        Objects.requireNonNull(file).close();
        return true;
    }

    /** How many bytes stand before the data set. */
    int headBytes() {
        return headBytes;
    }

    Path part() {
        return store.files().path(number, ObjectFiles.PART);
    }

    /** What became of an object. */
    enum Outcome {
        STORED,
        /** The same bytes are there already. */
        KNOWN,
        NO_ROOM
    }

    /** Makes the object durable. Whoever was told {@link Outcome#STORED} finds it after a power cut. */
    Outcome commit() throws IOException {
        Seal seal = new Seal(bytes, System.currentTimeMillis(), (int) crc.getValue());
        boolean isAllHere = written == 0;
        if (isAllHere) {
            // All of it is still here: the seal goes with the one write.
            stage.put(0, seal.write().array(), 0, Seal.BYTES);
        }
        if (!flush()) {
            return Outcome.NO_ROOM;
        }
        FileChannel to = Objects.requireNonNull(file);
        if (!isAllHere) {
            to.write(seal.write(), 0);
        }
        Instance instance = new Instance(
                number, seal.receivedMs(), bytes, seal.crc(), false, sopClass, uid, transferSyntax, caller);
        synchronized (store.stripe(uid)) {
            boolean differs = false;
            for (Instance before : store.index().find(uid)) {
                if (isSame(before, instance)) {
                    return Outcome.KNOWN;
                }
                differs = true;
            }
            to.force(false);
            to.close();
            store.files().finish(number);
            stored = differs ? instance.differing() : instance;
            store.index().add(stored);
        }
        isDone = true;
        store.underWay(-written);
        return Outcome.STORED;
    }

    /** The row of a stored object. */
    @Nullable
    Instance stored() {
        return stored;
    }

    private boolean isSame(Instance before, Instance now) throws IOException {
        return before.bytes() == now.bytes()
                && before.crc() == now.crc()
                && before.transferSyntax().equals(now.transferSyntax())
                && SealedFile.isSame(store.file(before), store.files().path(number, ObjectFiles.PART));
    }

    @Override
    public void close() throws IOException {
        if (isDone) {
            return;
        }
        isDone = true;
        store.underWay(-written);
        if (file == null) {
            store.files().giveBack(number);
        } else {
            file.close();
            store.files().drop(number);
        }
    }
}
