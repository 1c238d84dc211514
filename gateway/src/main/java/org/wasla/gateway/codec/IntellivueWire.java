package org.wasla.gateway.codec;

import java.util.List;
import org.wasla.gateway.frame.BlockFrame;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Check;
import org.wasla.gateway.frame.Escape;
import org.wasla.gateway.frame.FrameSpec;
import org.wasla.gateway.frame.Framer;
import org.wasla.gateway.frame.Guard;
import org.wasla.gateway.frame.NumberForm;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.SizeField;
import org.wasla.gateway.frame.Sum;

/**
 * How protocol units travel (bedside.md 2.1). On RS-232 in frames; on a LAN each is one datagram. One thread.
 *
 * <pre>
 * C0 | 11 01 | length u2 | unit | FCS u2, least significant byte first | C1     7D, C0, C1 inside as 7D, byte ^ 20
 * </pre>
 *
 * The FCS is CRC-16/X-25 over all between the flags but itself, unescaped.
 */
public final class IntellivueWire {
    /** Frames hold at most 1,000 bytes and a little; each may be escaped. */
    private static final FrameSpec FRAME = new BlockFrame(
            Bytes.hex("C0"),
            Bytes.hex("C1"),
            4096,
            BlockFrame.Shape.PLAIN,
            new Guard(
                    new Escape.Mark(0x7D, 0x20, 0, Bytes.hex("7DC0C1")),
                    new SizeField(3, new NumberForm(NumberForm.Kind.BE, 2), 8),
                    List.of(new Check(
                            new Sum.Crc(16, 0x1021, 0xFFFF, true, true, 0xFFFF),
                            1,
                            -3,
                            -3,
                            new NumberForm(NumberForm.Kind.LE, 2),
                            false,
                            Bytes.NONE))));

    private static final Bytes HEAD = Bytes.hex("1101");
    private static final int BEFORE = 5;
    private static final int AFTER = 3;

    private final Framer framer = new Framer(FRAME);
    private Carrier carrier;

    /** What carries the units. EITHER: not known, as in a capture; the first unit that is whole shows it. */
    public enum Carrier {
        RS232,
        LAN,
        EITHER
    }

    public IntellivueWire(Carrier carrier) {
        this.carrier = carrier;
    }

    /** @return a unit as it is sent; while the carrier is not known, as on RS-232 */
    public Bytes wrap(Bytes unit) {
        if (carrier == Carrier.LAN) {
            return unit;
        }
        byte[] frame = new byte[BEFORE + unit.size() + AFTER];
        System.arraycopy(HEAD.toArray(), 0, frame, 1, HEAD.size());
        System.arraycopy(unit.toArray(), 0, frame, BEFORE, unit.size());
        return Bytes.of(FRAME.seal(frame));
    }

    /** @return units, as the bodies of frames, and the noise between them */
    public List<Piece> put(byte[] chunk, int length) {
        boolean mayBeUnit = carrier == Carrier.LAN || carrier == Carrier.EITHER && !framer.holdsBytes();
        if (mayBeUnit && IntellivueApdu.isWhole(chunk, length)) {
            carrier = IntellivueApdu.isUnmistakable(chunk, length) ? Carrier.LAN : carrier;
            return List.of(new Piece.Frame(Bytes.of(chunk, 0, length), length));
        }
        return carrier == Carrier.LAN
                ? List.of(new Piece.Noise(Fault.FORMAT, 1, length))
                : opened(framer.put(chunk, length));
    }

    /** Gives up what is held. */
    public List<Piece> flush() {
        return opened(framer.flush());
    }

    public boolean holdsBytes() {
        return framer.holdsBytes();
    }

    private List<Piece> opened(List<Piece> pieces) {
        return pieces.stream().map(this::opened).toList();
    }

    private Piece opened(Piece piece) {
        if (!(piece instanceof Piece.Frame frame)) {
            return piece;
        }
        Bytes body = frame.body();
        if (body.size() < BEFORE + AFTER || !body.slice(1, 1 + HEAD.size()).equals(HEAD)) {
            return new Piece.Noise(Fault.FORMAT, 1, frame.size());
        }
        carrier = Carrier.RS232;
        return new Piece.Frame(body.slice(BEFORE, body.size() - AFTER), frame.size());
    }
}
