package org.wasla.gateway.imaging;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;

/** Says parts of a talk over a bare socket, to break off where a sender of ours would not. Stateless. */
final class RawTalk {
    private RawTalk() {}

    /** Sends a request for CT images and reads the answer. */
    static void associate(Socket socket) throws IOException {
        Pdu.User user = new Pdu.User(0, "1.2.3", null, List.of(), false);
        Pdu.Proposal ct = new Pdu.Proposal(1, Objects.CT, List.of(Uids.EXPLICIT_LITTLE));
        Association association =
                Association.requestor(Timing.USUAL, Pdu.Request.of("WASLA", "CT1", List.of(ct), user), 0);
        for (Effect effect : association.begin(0)) {
            if (effect instanceof Effect.Send send) {
                socket.getOutputStream().write(send.bytes().toArray());
            }
        }
        byte[] head = socket.getInputStream().readNBytes(6);
        if (head[0] != 2) {
            throw new IOException("not accepted: " + head[0]);
        }
        socket.getInputStream().readNBytes((head[4] & 0xff) << 8 | head[5] & 0xff);
    }

    static void store(Socket socket, String uid) throws IOException {
        CommandSet store = CommandSet.of(CommandSet.C_STORE)
                .with(CommandSet.MESSAGE_ID, 1)
                .with(CommandSet.SOP_CLASS, Objects.CT)
                .with(CommandSet.INSTANCE, uid)
                .withDataSet();
        socket.getOutputStream().write(Fragments.command(1, store, 0).toArray());
    }

    /** So many bytes of a data set in fragments, none of them the last. */
    static void data(Socket socket, byte[] object, int bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        int at = 0;
        while (at < bytes) {
            int next = Math.min(bytes, at + 16_000);
            byte[] head = new byte[Fragments.HEAD_BYTES];
            Fragments.head(head, 0, 1, false, false, next - at);
            out.write(head);
            out.write(object, at, next - at);
            at = next;
        }
    }
}
