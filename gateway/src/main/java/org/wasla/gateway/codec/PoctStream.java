package org.wasla.gateway.codec;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Piece;

/** What we say to a device in POCT1-A, as the device hears it: for simulated devices. Pure; one thread. */
public final class PoctStream {
    private final XmlFrames frames = new XmlFrames(PoctSpec.BYTES_MAX);

    /**
     * A message.
     *
     * @param kind such as {@code ACK.R01}
     * @param id its number
     * @param of the number that it acknowledges, or empty
     */
    public record Said(String kind, String id, String of) {}

    /** @return the messages that end within the first {@code length} bytes */
    public List<Said> put(byte[] chunk, int length) {
        List<Said> said = new ArrayList<>();
        for (Piece piece : frames.put(chunk, length)) {
            if (piece instanceof Piece.Frame frame) {
                XmlElement.read(frame.body())
                        .ifPresent(root -> said.add(new Said(
                                root.name(),
                                root.child("HDR").child("HDR.control_id").attribute("V"),
                                root.child("ACK").child("ACK.ack_control_id").attribute("V"))));
            }
        }
        return said;
    }
}
