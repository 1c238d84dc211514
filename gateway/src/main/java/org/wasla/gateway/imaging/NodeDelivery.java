package org.wasla.gateway.imaging;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;

/** Objects by C-STORE. What a status means is in PS3.4 annex B.2.3 and PS3.7 annex C. */
final class NodeDelivery implements Delivery {
    private static final int WARNING = 0xb000;
    private static final int ATTRIBUTE_WARNING = 0x0107;
    private static final int VALUE_WARNING = 0x0116;
    private static final int FAILURE = 0x0110;
    private static final int RESOURCES = 0x0213;
    private final Sender sender;

    private NodeDelivery(Sender sender) {
        this.sender = sender;
    }

    /** @param expected the objects that will be sent, as far as they are known */
    static NodeDelivery open(ForwardSettings.Node node, String calling, List<FileHead> expected, Timing timing)
            throws IOException {
        ForwardSettings.Keys tls = node.tls();
        Caller.Opening opening = tls == null ? wire -> wire : TlsDial.read(tls);
        Sender.Peer peer = new Sender.Peer(node.host(), node.port(), node.title(), calling);
        return new NodeDelivery(Sender.open(peer, expected, timing, opening));
    }

    @Override
    public boolean takes(FileHead head) {
        return sender.isProposed(head);
    }

    @Override
    public boolean isOpen() {
        return sender.isOpen();
    }

    @Override
    public Answer send(FileHead head, Body body) throws IOException {
        Optional<Integer> status = sender.store(head, body);
        return status.map(NodeDelivery::answer).orElseGet(() -> new Answer(Verdict.REFUSED, "context-refused"));
    }

    static Answer answer(int status) {
        int high = status & 0xff00;
        boolean isLater =
                high == 0xa700 || high == 0xff00 || high == 0xfe00 || status == FAILURE || status == RESOURCES;
        boolean isWarning =
                (status & 0xf000) == WARNING || status == 1 || status == ATTRIBUTE_WARNING || status == VALUE_WARNING;
        Verdict verdict = status == 0
                ? Verdict.SENT
                : isWarning ? Verdict.SENT_WITH_WARNING : isLater ? Verdict.LATER : Verdict.REFUSED;
        return new Answer(verdict, String.format(Locale.ROOT, "status-%04X", status & 0xffff));
    }

    @Override
    public void abort() {
        sender.abort();
    }

    @Override
    public void close() throws IOException {
        sender.close();
    }
}
