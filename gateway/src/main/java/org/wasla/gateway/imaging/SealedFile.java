package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.frame.Bytes;

/** Reads files as this package writes them. Stateless. */
final class SealedFile {
    private static final int BLOCK_BYTES = 64 << 10;
    /** The heads that we write are shorter. */
    private static final int HEAD_BYTES = 1_024;

    private SealedFile() {}

    /** What a file tells of itself when all of it is there as it was received, else null. */
    static @Nullable Instance read(Path file, int number) throws IOException {
        byte[] start = start(file);
        Seal seal = Seal.read(start);
        FileHead head = seal == null ? null : FileHead.read(Bytes.of(start));
        if (seal == null || head == null || Files.size(file) != head.bytes() + seal.bytes()) {
            return null;
        }
        return crc(file, head.bytes()) == seal.crc()
                ? new Instance(
                        number,
                        seal.receivedMs(),
                        seal.bytes(),
                        seal.crc(),
                        false,
                        head.sopClass(),
                        head.instance(),
                        head.transferSyntax(),
                        head.sender())
                : null;
    }

    /** What a file tells of itself, whether or not all of it is there; null when its beginning is not as we write it. */
    static @Nullable Instance head(Path file, int number) throws IOException {
        byte[] start = start(file, HEAD_BYTES);
        Seal seal = Seal.read(start);
        FileHead head = seal == null ? null : FileHead.read(Bytes.of(start));
        return seal == null || head == null
                ? null
                : new Instance(
                        number,
                        seal.receivedMs(),
                        seal.bytes(),
                        seal.crc(),
                        false,
                        head.sopClass(),
                        head.instance(),
                        head.transferSyntax(),
                        head.sender());
    }

    /** Where the data set of one of our files begins, and what it is; null when it is none. */
    static @Nullable FileHead fileHead(Path file) throws IOException {
        return FileHead.read(Bytes.of(start(file, HEAD_BYTES)));
    }

    private static byte[] start(Path file) throws IOException {
        return start(file, FileHead.BYTES_MAX);
    }

    private static byte[] start(Path file, int bytes) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(bytes);
        }
    }

    private static int crc(Path file, int from) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] block = new byte[BLOCK_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            int read = in.read(block);
            while (read >= 0) {
                crc.update(block, 0, read);
                read = in.read(block);
            }
        }
        return (int) crc.getValue();
    }

    /** Whether both data sets are the same, byte by byte. */
    static boolean isSame(Path one, Path other) throws IOException {
        FileHead first = FileHead.read(Bytes.of(start(one)));
        FileHead second = FileHead.read(Bytes.of(start(other)));
        if (first == null || second == null) {
            return false;
        }
        try (InputStream a = Files.newInputStream(one);
                InputStream b = Files.newInputStream(other)) {
            a.skipNBytes(first.bytes());
            b.skipNBytes(second.bytes());
            byte[] blockA = a.readNBytes(BLOCK_BYTES);
            byte[] blockB = b.readNBytes(BLOCK_BYTES);
            while (blockA.length > 0 && Arrays.equals(blockA, blockB)) {
                blockA = a.readNBytes(BLOCK_BYTES);
                blockB = b.readNBytes(BLOCK_BYTES);
            }
            return blockA.length == 0 && blockB.length == 0;
        }
    }
}
