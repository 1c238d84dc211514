package org.wasla.gateway.imaging;

import java.io.ByteArrayOutputStream;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.frame.Bytes;

/** A message to a peer: a command, and the data set behind it where the command says so. Immutable. */
record PeerMessage(int context, CommandSet set, Bytes data) {
    static PeerMessage of(int context, CommandSet set) {
        return new PeerMessage(context, set, Bytes.NONE);
    }

    /** All of it, to be written at once. */
    byte[] bytes(long peerBytesMax) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Fragments.command(context, set, peerBytesMax).toArray());
        byte[] bytes = data.toArray();
        int room = Fragments.room(peerBytesMax);
        int at = 0;
        while (set.hasDataSet() && at < bytes.length) {
            int next = Math.min(bytes.length, at + room);
            byte[] head = new byte[Fragments.HEAD_BYTES];
            Fragments.head(head, 0, context, false, next == bytes.length, next - at);
            out.writeBytes(head);
            out.write(bytes, at, next - at);
            at = next;
        }
        return out.toByteArray();
    }
}
