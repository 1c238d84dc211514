package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import org.wasla.gateway.vault.Safe;

/** Where some entries of one urgency lie, in order and with no other of that urgency between them. Immutable. */
sealed interface Run {

    Urgency urgency();

    /** The position of its first entry. */
    long first();

    List<Entry> read() throws IOException;

    /** Lets go of what reading has opened. */
    default void close() {}

    /** A block that H2 finds. */
    record Row(Generation file, Urgency urgency, long first) implements Run {
        @Override
        public List<Entry> read() throws IOException {
            try {
                return file.decode(file.bytes(urgency, first));
            } catch (SQLException e) {
                throw new IOException(Cause.text(e), e);
            }
        }

        @Override
        public void close() {
            file.closeReader();
        }
    }

    /** A block that was found in the bytes of a file. */
    record Raw(Path file, long at, int length, Urgency urgency, long first, Safe safe) implements Run {
        @Override
        public List<Entry> read() throws IOException {
            return Block.decode(bytes(), safe);
        }

        /** The buffer that it was written for. */
        String epoch() throws IOException {
            return Block.epochOf(bytes());
        }

        private byte[] bytes() throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) {}
            }
            return bytes.array();
        }
    }

    /** Entries that only the journal has. */
    record Loose(Entry entry) implements Run {
        @Override
        public Urgency urgency() {
            return entry.urgency();
        }

        @Override
        public long first() {
            return entry.position();
        }

        @Override
        public List<Entry> read() {
            return List.of(entry);
        }
    }
}
