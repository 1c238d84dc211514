package org.wasla.gateway.imaging;

import java.util.Arrays;

/**
 * Where in the index the rows of an instance UID stand: open addressing over the hash of the UID, 16 bytes a place. A hash
 * may lead to several rows, and to one of another UID: the row says. One thread at a time.
 */
final class Places {
    private static final int FIRST = 1_024;
    private long[] hashes = new long[FIRST];
    private long[] offsets = new long[FIRST];
    private int size;

    /** FNV-1a, 64 bits, never 0, which marks a free place. */
    static long hash(String uid) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < uid.length(); i++) {
            hash = (hash ^ uid.charAt(i)) * 0x100000001b3L;
        }
        // The low bits choose the place, and UIDs differ at their end only.
        hash ^= hash >>> 32;
        return hash == 0 ? 1 : hash;
    }

    void add(String uid, long offset) {
        if (size * 3L >= hashes.length * 2L) {
            grow();
        }
        put(hash(uid), offset);
        size++;
    }

    private void put(long hash, long offset) {
        int at = (int) hash & hashes.length - 1;
        while (hashes[at] != 0) {
            at = at + 1 & hashes.length - 1;
        }
        hashes[at] = hash;
        offsets[at] = offset;
    }

    private void grow() {
        long[] oldHashes = hashes;
        long[] oldOffsets = offsets;
        hashes = new long[2 * oldHashes.length];
        offsets = new long[2 * oldHashes.length];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0) {
                put(oldHashes[i], oldOffsets[i]);
            }
        }
    }

    /** The offsets of rows that may be of this UID. */
    long[] find(String uid) {
        long hash = hash(uid);
        long[] found = {};
        for (int at = (int) hash & hashes.length - 1; hashes[at] != 0; at = at + 1 & hashes.length - 1) {
            if (hashes[at] == hash) {
                found = Arrays.copyOf(found, found.length + 1);
                found[found.length - 1] = offsets[at];
            }
        }
        return found;
    }

    int size() {
        return size;
    }
}
