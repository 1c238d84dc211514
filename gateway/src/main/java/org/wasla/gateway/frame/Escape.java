package org.wasla.gateway.frame;

import java.util.List;

/** How bytes that a format keeps for itself are written inside a frame. Immutable. */
public sealed interface Escape {
    /** More bytes are needed to tell. */
    int MORE = -1;

    /** No sender writes this. */
    int WRONG = -2;

    /** @return the byte that is written at the index, plus 256 for each byte that it takes; or MORE, or WRONG */
    int next(byte[] wire, int at, int to);

    /** Writes a byte and gives the index behind it. */
    int put(byte[] wire, int at, byte plain);

    /** @return the most bytes that one becomes */
    int growth();

    /**
     * An escape byte stands before a byte that was changed: {@code 7D 5E} for 7E.
     *
     * @param xor bits that are turned over on both sides (HDLC, bedside.md 2.1)
     * @param or bits that the sender clears and the receiver sets (DRI, bedside.md 2.4)
     * @param escaped the bytes that a sender escapes, the escape byte with them
     */
    record Mark(int mark, int xor, int or, Bytes escaped) implements Escape {
        @Override
        public int next(byte[] wire, int at, int to) {
            int octet = wire[at] & 0xff;
            if (octet != mark) {
                return octet + 256;
            }
            if (at + 1 == to) {
                return MORE;
            }
            int changed = wire[at + 1] & 0xff;
            return (changed & or) != 0 ? WRONG : ((changed | or) ^ xor) + 512;
        }

        @Override
        public int put(byte[] wire, int at, byte plain) {
            if (!escaped.has(plain)) {
                wire[at] = plain;
                return at + 1;
            }
            wire[at] = (byte) mark;
            wire[at + 1] = (byte) ((plain ^ xor) & ~or);
            return at + 2;
        }

        @Override
        public int growth() {
            return 2;
        }
    }

    /**
     * Some bytes are written as others: {@code 80 00} for 80 (Capnostream, bedside.md 2.15), EX for D (BCC, 2.10). Read
     * from left to right, once; every byte that begins a code is itself in the table, so that this is unambiguous.
     */
    record Table(List<Code> codes) implements Escape {
        /** The byte {@code plain} is written as {@code code}. */
        public record Code(byte plain, Bytes code) {}

        public Table {
            codes = List.copyOf(codes);
        }

        @Override
        public int next(byte[] wire, int at, int to) {
            boolean begins = false;
            for (Code code : codes) {
                if (code.code().startsAt(wire, at, to)) {
                    return (code.plain() & 0xff) + 256 * code.code().size();
                }
                int seen = Math.min(to - at, code.code().size());
                if (code.code().slice(0, seen).startsAt(wire, at, to)) {
                    return MORE;
                }
                begins |= wire[at] == code.plain()
                        || (wire[at] & 0xff) == code.code().at(0);
            }
            return begins ? WRONG : (wire[at] & 0xff) + 256;
        }

        @Override
        public int put(byte[] wire, int at, byte plain) {
            for (Code code : codes) {
                if (code.plain() == plain) {
                    for (int i = 0; i < code.code().size(); i++) {
                        wire[at + i] = (byte) code.code().at(i);
                    }
                    return at + code.code().size();
                }
            }
            wire[at] = plain;
            return at + 1;
        }

        @Override
        public int growth() {
            return codes.stream().mapToInt(code -> code.code().size()).max().orElse(1);
        }
    }
}
