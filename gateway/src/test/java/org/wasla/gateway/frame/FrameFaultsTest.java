package org.wasla.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.frame.Formats.CAPNOSTREAM;
import static org.wasla.gateway.frame.Formats.DF13;
import static org.wasla.gateway.frame.Formats.DRI;
import static org.wasla.gateway.frame.Formats.INTELLIVUE;
import static org.wasla.gateway.frame.Formats.IVY;
import static org.wasla.gateway.frame.Formats.SUM8;
import static org.wasla.gateway.frame.Formats.U2LE;
import static org.wasla.gateway.frame.Formats.UNITY;
import static org.wasla.gateway.frame.Formats.X25;
import static org.wasla.gateway.frame.Formats.all;
import static org.wasla.gateway.frame.Formats.check;
import static org.wasla.gateway.frame.Formats.count;
import static org.wasla.gateway.frame.Formats.frames;
import static org.wasla.gateway.frame.Formats.hex;
import static org.wasla.gateway.frame.Formats.ivy;
import static org.wasla.gateway.frame.Formats.join;
import static org.wasla.gateway.frame.Formats.run;
import static org.wasla.gateway.frame.Formats.text;
import static org.wasla.gateway.frame.Formats.xor;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.Piece.Noise;

/** What is no frame is named; what shows where the next one begins is used: silence, packets. */
class FrameFaultsTest {
    @Test
    void faultsAreNamed() {
        assertEquals(1, count(run(DRI, hex("7e 01 7d5e 7d5d 02 ff 7e 7e 40 3e 7d5e 7e"), 64), Fault.CHECKSUM));
        assertEquals(1, count(run(DRI, hex("7e 01 7d 7e 7e 40 3e 7d5e 7e"), 64), Fault.FORMAT));
        Check crc = check(X25, 1, -3, U2LE);
        byte[] miscounted =
                new Guard(xor("7dc0c1"), null, List.of(crc)).seal(hex("c0 1101 0005 11223344 0000 c1"), 1, 1);
        assertEquals(1, count(run(INTELLIVUE, miscounted, 64), Fault.COUNT));
        assertEquals(1, count(run(CAPNOSTREAM, hex("85 01 06 85 01 06 07"), 64), Fault.CUT));
        assertEquals(1, count(run(DF13, hex("0002000d 0100 11223344"), 64), Fault.OVERLONG));
        assertEquals(1, count(run(IVY, Arrays.copyOf(ivy("80"), 300), 64), Fault.CUT));
    }

    /** A damaged length may ask for bytes that never come: silence gives up the head, not the frames behind it. */
    @Test
    void silenceFreesWhatAWrongLengthHeldBack() {
        Framer framer = new Framer(DF13);
        byte[] held = join(hex("0002000d 0030 1122"), all().get(10).wires().get(0));
        assertEquals(List.of(), framer.put(held, held.length));
        assertEquals(List.of(Bytes.of(all().get(10).wires().get(0))), frames(framer.flush()));
    }

    /** Without a start mark only silence shows where a frame begins (GE Unity, bedside.md 2.12). */
    @Test
    void withoutAStartMarkSilenceResynchronises() {
        byte[] good = hex("40000000 0008 aabb");
        assertEquals(2, frames(run(UNITY, join(good, good), 3)).size());
        Framer framer = new Framer(UNITY);
        byte[] broken = join(hex("40000000 ffff aabb"), good);
        assertEquals(0, frames(framer.put(broken, broken.length)).size());
        assertTrue(framer.holdsBytes());
        framer.flush();
        assertEquals(1, frames(framer.put(good, good.length)).size());
    }

    @Test
    void aDatagramIsAFrame() {
        Framer framer = new Framer(new DatagramFrame(16, Guard.NONE));
        byte[] packet = text("MSH|^~\\&|");
        assertEquals(List.of(Bytes.of(packet)), frames(framer.put(packet, packet.length)));
        assertEquals(List.of(Bytes.of(packet)), frames(framer.put(packet, packet.length)));
        List<Piece> large = framer.put(new byte[40], 40);
        assertEquals(List.of(new Noise(Fault.OVERLONG, 1, 40)), large);
    }

    /** MLLP: VT, segments, FS CR. */
    @Test
    void mllpIsABlock() {
        FrameSpec mllp = new BlockFrame(Bytes.hex("0b"), Bytes.hex("1c0d"), 4096);
        byte[] bytes = text("\u000bMSH|^~\\&|A\r\u001c\r\u000bMSH|^~\\&|B\r\u001c\r");
        assertEquals(2, frames(run(mllp, bytes, 1)).size());
    }

    /** Two escapings of one check: over the frame, and over what stands on the wire. */
    @Test
    void aCheckMayBeTakenOnTheWire() {
        Check raw = new Check(SUM8, 1, -3, -3, new NumberForm(NumberForm.Kind.HEX, 2), true, Bytes.NONE);
        FrameSpec spec = new BlockFrame(
                Bytes.hex("c0"),
                Bytes.hex("c1"),
                64,
                BlockFrame.Shape.PLAIN,
                new Guard(xor("7dc0c1"), null, List.of(raw)));
        byte[] wire = spec.seal(hex("c0 7d 01 3030 c1"));
        assertEquals(Bytes.hex("c0 7d5d 01 4442 c1"), Bytes.of(wire));
        assertEquals(1, frames(run(spec, wire, 64)).size());
    }

    /** Bedside.md 2.9 and 2.10: ENQ, ACK and NAK stand alone between frames; one inside shows that an end was lost. */
    @Test
    void aSingleByteIsAFrameBetweenFramesOnly() {
        BlockFrame.Shape single = new BlockFrame.Shape(0, 0, Bytes.NONE, Bytes.hex("05 06"));
        FrameSpec spec = new BlockFrame(Bytes.hex("02"), Bytes.hex("03"), 16, single, Guard.NONE);
        for (int chunk = 1; chunk < 9; chunk++) {
            List<Piece> pieces = run(spec, hex("05 02 41 03 06 ff ff 05 02 41 05 02 42 03"), chunk);
            assertEquals(
                    List.of(
                            Bytes.hex("05"),
                            Bytes.hex("02 41 03"),
                            Bytes.hex("06"),
                            Bytes.hex("05"),
                            Bytes.hex("05"),
                            Bytes.hex("02 42 03")),
                    frames(pieces));
            assertEquals(1, count(pieces, Fault.CUT));
            assertEquals(1, count(pieces, Fault.GARBAGE));
        }
    }
}
