package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.codec.IntellivueWire.Carrier;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.Piece.Frame;
import org.wasla.gateway.frame.Piece.Noise;

/** How units travel (bedside.md 2.1). */
class IntellivueWireTest {
    private static final Bytes UNIT = Bytes.hex("E1000002 0002 0006 C07D C1C0 7D7D");

    private static List<Piece> read(Carrier carrier, String hex, int chunk) {
        IntellivueWire wire = new IntellivueWire(carrier);
        byte[] bytes = Bytes.hex(hex).toArray();
        List<Piece> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += chunk) {
            byte[] part =
                    Bytes.of(bytes, from, Math.min(bytes.length, from + chunk)).toArray();
            pieces.addAll(wire.put(part, part.length));
        }
        pieces.addAll(wire.flush());
        return pieces;
    }

    /** Both vectors of the fact sheet hold no unit; that their size is asked for shows that the check held. */
    @Test
    void theChecksOfTheFactSheetHold() {
        assertEquals(List.of(new Noise(Fault.COUNT, 1, 6)), read(Carrier.RS232, "C03A719B26C1", 1));
        assertEquals(List.of(new Noise(Fault.COUNT, 1, 7)), read(Carrier.RS232, "C03A91957DE1C1", 1));
        assertEquals(List.of(new Noise(Fault.CHECKSUM, 1, 6)), read(Carrier.RS232, "C03A719B27C1", 1));
    }

    @Test
    void whatIsWrappedIsReadAgainInAnyChunks() {
        Bytes frame = new IntellivueWire(Carrier.RS232).wrap(UNIT);
        assertTrue(frame.toString().startsWith("c01101000ee1000002"), frame.toString());
        for (int chunk = 1; chunk <= frame.size(); chunk++) {
            assertEquals(
                    List.of(new Frame(UNIT, frame.size())),
                    read(Carrier.EITHER, frame.toString(), chunk),
                    "by " + chunk);
        }
    }

    /** A capture does not say what it was recorded on. */
    @Test
    void theCarrierShowsItself() {
        IntellivueWire wire = new IntellivueWire(Carrier.EITHER);
        assertEquals(List.of(new Frame(UNIT, 14)), wire.put(UNIT.toArray(), 14));
        assertEquals(List.of(new Noise(Fault.FORMAT, 1, 13)), wire.put(UNIT.toArray(), 13), "now it is a LAN");
        IntellivueWire serial = new IntellivueWire(Carrier.EITHER);
        Bytes frame = serial.wrap(UNIT);
        serial.put(frame.toArray(), frame.size());
        assertTrue(serial.put(UNIT.toArray(), 14).stream().allMatch(Noise.class::isInstance), "now it is RS-232");
    }

    @Test
    void anotherProtocolInTheSameFrameIsNoUnit() {
        assertEquals(Fault.FORMAT, ((Noise) read(Carrier.RS232, other(), 64).get(0)).fault());
    }

    /** A frame of protocol 12h, with a right check. */
    private static String other() {
        String frame = new IntellivueWire(Carrier.RS232).wrap(Bytes.hex("0102")).toString();
        for (int crc = 0; crc < 0x10000; crc++) {
            String tried = "c012" + frame.substring(4, 14) + String.format("%04xc1", crc);
            boolean isEscaped = tried.substring(2, 18).matches("(..)*?(7d|c0|c1).*");
            if (!isEscaped
                    && read(Carrier.RS232, tried, 64).get(0) instanceof Noise noise
                    && noise.fault() == Fault.FORMAT) {
                return tried;
            }
        }
        throw new AssertionError("no check fits");
    }
}
