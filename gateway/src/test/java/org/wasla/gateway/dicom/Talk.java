package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.dicom.Pdu.Proposal;
import org.wasla.gateway.dicom.Pdu.User;
import org.wasla.gateway.frame.Bytes;

/** What tests of the upper layer say and hear. Stateless. */
final class Talk {
    static final String CT = "1.2.840.10008.5.1.4.1.1.2";

    private Talk() {}

    static Pdu.Request request(Proposal... proposals) {
        User user = new User(16_384, "1.2.3", "PEER", List.of(), false);
        return Pdu.Request.of("WASLA", "CT1", List.of(proposals), user);
    }

    static Pdu.Request usual() {
        return request(new Proposal(1, CT, List.of(Uids.EXPLICIT_LITTLE)));
    }

    static CommandSet store() {
        return CommandSet.of(CommandSet.C_STORE)
                .with(CommandSet.MESSAGE_ID, 7)
                .with(CommandSet.SOP_CLASS, CT)
                .with(CommandSet.INSTANCE, "1.2.3.4")
                .withDataSet();
    }

    /** A P-DATA-TF of one fragment. */
    static byte[] fragment(int context, boolean isCommand, boolean isLast, byte[] data) {
        byte[] pdu = new byte[Fragments.HEAD_BYTES + data.length];
        Fragments.head(pdu, 0, context, isCommand, isLast, data.length);
        System.arraycopy(data, 0, pdu, Fragments.HEAD_BYTES, data.length);
        return pdu;
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** What a sender says once it has an association: one object in two fragments, release. */
    static byte[] whole(byte[] object) {
        int half = object.length / 2;
        byte[] first = Bytes.of(object, 0, half).toArray();
        byte[] second = Bytes.of(object, half, object.length).toArray();
        return joined(
                Fragments.command(1, store(), 16_384).toArray(),
                fragment(1, false, false, first),
                fragment(1, false, true, second),
                PduCodec.write(new Pdu.ReleaseRequest()));
    }

    /** An acceptor that answers by itself, and what it heard. */
    static final class Ear {
        final Association association;
        final List<String> heard = new ArrayList<>();
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        final ByteArrayOutputStream sent = new ByteArrayOutputStream();

        Ear(Association association) {
            this.association = association;
        }

        static Ear acceptor(long nowNs) {
            return new Ear(Association.acceptor(Timing.USUAL, nowNs));
        }

        /** One that has accepted {@link Talk#usual}. */
        static Ear established(long nowNs) {
            return acceptor(nowNs).hear(PduCodec.write(usual()), nowNs);
        }

        Ear hear(byte[] bytes, long nowNs) {
            take(association.onBytes(bytes, 0, bytes.length, nowNs), bytes, nowNs);
            return this;
        }

        void take(List<Effect> effects, byte[] chunk, long nowNs) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Send send) {
                    sent.writeBytes(send.bytes().toArray());
                } else if (effect instanceof Effect.Data part) {
                    data.write(chunk, part.from(), part.to() - part.from());
                    if (part.isLast()) {
                        heard.add("data");
                    }
                } else if (effect instanceof Effect.Requested requested) {
                    Pdu.Accept answer = (Pdu.Accept) Negotiation.answer(requested.request(), java.util.Set.of());
                    take(association.accept(answer, 16_384, nowNs), chunk, nowNs);
                } else if (effect instanceof Effect.ReleaseRequested) {
                    take(association.release(nowNs), chunk, nowNs);
                } else if (effect instanceof Effect.Aborted aborted) {
                    heard.add("aborted " + aborted.cause() + " " + aborted.by().source() + "/"
                            + aborted.by().reason());
                } else if (effect instanceof Effect.Command command) {
                    heard.add(command.set().toString());
                } else {
                    heard.add(effect.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
                }
            }
        }
    }
}
