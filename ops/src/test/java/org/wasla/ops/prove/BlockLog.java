package org.wasla.ops.prove;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a disk was told in a run (see {@code blocklog.py}), and the images that a power cut could have left. Read
 * forwards only: cuts must be asked for in rising order. One thread.
 *
 * <p>A write that a flush has followed is durable. Of the others each sector of 512 bytes is there or not, whatever
 * the order in which they were given: that is what a disk with a cache may do.
 */
final class BlockLog implements AutoCloseable {
    private static final int SECTOR = 512;
    private static final int HEAD = 20;
    private static final long FLUSH = -1;
    private final RandomAccessFile log;
    private final RandomAccessFile durable;
    private final Path image;
    private final List<Order> orders = new ArrayList<>();
    private int applied;

    /** @param at where its bytes lie in the log */
    private record Order(long atNs, long offset, int length, long at) {
        boolean isFlush() {
            return offset == FLUSH;
        }
    }

    /** @param image the disk as it was before the first order; changed as the cuts go on */
    BlockLog(Path log, Path image) throws IOException {
        this.image = image;
        this.log = new RandomAccessFile(log.toFile(), "r");
        this.durable = new RandomAccessFile(image.toFile(), "rw");
        long at = 0;
        byte[] head = new byte[HEAD];
        while (at + HEAD <= this.log.length()) {
            this.log.seek(at);
            this.log.readFully(head);
            java.nio.ByteBuffer fields = java.nio.ByteBuffer.wrap(head).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            Order order = new Order(fields.getLong(), fields.getLong(), fields.getInt(), at + HEAD);
            orders.add(order);
            at = order.at + order.length;
        }
    }

    int orders() {
        return orders.size();
    }

    /** The count of orders before the first flush behind so many. */
    int beforeFlush(int count) {
        int before = count;
        while (before < orders.size() && !orders.get(before).isFlush()) {
            before++;
        }
        return before;
    }

    /** The cut comes after the first {@code count} orders: what was acknowledged until then must be there. */
    long cutNs(int count) {
        return orders.get(count - 1).atNs;
    }

    /** Writes an image that a cut after the first {@code count} orders could have left. @return sectors that it lost */
    int image(int count, Random random, Path target) throws IOException, InterruptedException {
        int flushed = count - 1;
        while (flushed > applied && !orders.get(flushed - 1).isFlush()) {
            flushed--;
        }
        for (; applied < flushed; applied++) {
            write(durable, applied, null);
        }
        Shell.run("cp", "--sparse=always", image, target);
        List<Integer> open = new ArrayList<>();
        for (int order = applied; order < count; order++) {
            open.add(order);
        }
        Collections.shuffle(open, random);
        int lost = 0;
        try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
            for (int order : open) {
                lost += write(file, order, random);
            }
        }
        return lost;
    }

    /**
     * One write: whole, not at all, or torn.
     *
     * @param random null for whole
     * @return sectors left out
     */
    private int write(RandomAccessFile file, int index, @org.jspecify.annotations.Nullable Random random)
            throws IOException {
        Order order = orders.get(index);
        if (order.isFlush()) {
            return 0;
        }
        byte[] bytes = new byte[order.length];
        log.seek(order.at);
        log.readFully(bytes);
        int fate = random == null ? 0 : random.nextInt(3);
        int lost = 0;
        for (int from = 0; from < bytes.length; from += SECTOR) {
            if (random == null || fate == 0 || fate == 2 && random.nextBoolean()) {
                file.seek(order.offset + from);
                file.write(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + SECTOR)));
            } else {
                lost++;
            }
        }
        return lost;
    }

    @Override
    public void close() throws IOException {
        log.close();
        durable.close();
        Files.deleteIfExists(image);
    }
}
