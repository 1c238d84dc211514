package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Pdu.Answer;
import org.wasla.gateway.dicom.Pdu.Outcome;
import org.wasla.gateway.dicom.Pdu.Proposal;
import org.wasla.gateway.dicom.Pdu.Role;
import org.wasla.gateway.dicom.Pdu.User;
import org.wasla.gateway.frame.Bytes;

/**
 * PDUs to bytes and back, but for P-DATA-TF (PS3.8 sections 9.3.2 to 9.3.8 and annex D). Items that are not known are
 * skipped. Stateless.
 *
 * <pre>
 * item                type 1, reserved 1, length 2, value
 * 10 application      20 proposed context, 21 answered context: id 1, 0, outcome 1, 0, then 30 and 40 items
 * 50 user             51 bytes 4 | 52 implementation | 53 window | 54 role | 55 version | 58 identity | 59 its answer
 * </pre>
 */
final class PduCodec {
    private static final int TITLES_AT = 4;
    private static final int ITEMS_AT = TITLES_AT + Pdu.TITLES_BYTES;

    private PduCodec() {}

    /** Null when the body is not sound. */
    static @Nullable Pdu read(int type, Bytes body) {
        return switch (type) {
            case 1 -> request(body);
            case 2 -> accept(body);
            case 3 -> new Pdu.Reject(body.at(1), body.at(2), body.at(3));
            case 5 -> new Pdu.ReleaseRequest();
            case 6 -> new Pdu.ReleaseReply();
            case 7 -> new Pdu.Abort(body.at(2), body.at(3));
            default -> null;
        };
    }

    private static Pdu.@Nullable Request request(Bytes body) {
        Items items = new Items(body, ITEMS_AT, body.size());
        String application = "";
        List<Proposal> proposals = new ArrayList<>();
        User user = new User(0, "", null, List.of(), false);
        while (items.next()) {
            switch (items.type) {
                case 0x10 -> application = items.uid();
                case 0x20 -> {
                    Proposal proposal = proposal(items);
                    if (proposal == null) {
                        return null;
                    }
                    proposals.add(proposal);
                }
                case 0x50 -> user = user(items);
                default -> {
                    // an item of a later edition
                }
            }
            if (user == null) {
                return null;
            }
        }
        return items.isSound
                ? new Pdu.Request(body.at(0) << 8 | body.at(1), titles(body), application, proposals, user)
                : null;
    }

    private static Pdu.@Nullable Accept accept(Bytes body) {
        Items items = new Items(body, ITEMS_AT, body.size());
        List<Answer> answers = new ArrayList<>();
        User user = new User(0, "", null, List.of(), false);
        while (items.next()) {
            if (items.type == 0x21) {
                Proposal answered = proposal(items);
                if (answered == null) {
                    return null;
                }
                Outcome outcome = Outcome.of(body.at(items.from + 2));
                List<String> syntaxes = answered.transferSyntaxes();
                answers.add(new Answer(answered.id(), outcome, syntaxes.isEmpty() ? "" : syntaxes.get(0)));
            } else if (items.type == 0x50) {
                user = user(items);
            }
            if (user == null) {
                return null;
            }
        }
        return items.isSound ? new Pdu.Accept(titles(body), answers, user) : null;
    }

    private static Bytes titles(Bytes body) {
        return body.slice(TITLES_AT, ITEMS_AT);
    }

    private static @Nullable Proposal proposal(Items context) {
        if (context.to - context.from < 4) {
            return null;
        }
        Items items = new Items(context.body, context.from + 4, context.to);
        String abstractSyntax = "";
        List<String> transferSyntaxes = new ArrayList<>();
        while (items.next()) {
            if (items.type == 0x30) {
                abstractSyntax = items.uid();
            } else if (items.type == 0x40) {
                transferSyntaxes.add(items.uid());
            }
        }
        return items.isSound ? new Proposal(context.body.at(context.from), abstractSyntax, transferSyntaxes) : null;
    }

    private static @Nullable User user(Items outer) {
        Bytes body = outer.body;
        Items items = new Items(body, outer.from, outer.to);
        long dataBytesMax = 0;
        String implementation = "";
        String version = null;
        List<Role> roles = new ArrayList<>();
        boolean isIdentityAsked = false;
        while (items.next()) {
            int bytes = items.to - items.from;
            switch (items.type) {
                case 0x51 -> dataBytesMax = bytes == 4 ? (long) items.pair(0) << 16 | items.pair(2) : 0;
                case 0x52 -> implementation = items.uid();
                case 0x54 -> {
                    int uidBytes = bytes < 4 ? bytes : items.pair(0);
                    if (uidBytes + 4 != bytes) {
                        return null;
                    }
                    String uid =
                            Uids.strip(body.slice(items.from + 2, items.to - 2).latin1());
                    roles.add(new Role(uid, body.at(items.to - 2) == 1, body.at(items.to - 1) == 1));
                }
                case 0x55 -> version = body.slice(items.from, items.to).latin1().strip();
                case 0x58 -> isIdentityAsked = bytes > 1 && body.at(items.from + 1) == 1;
                default -> {
                    // windows, extended negotiation and what is newer: nothing of it is used, so nothing is answered
                }
            }
        }
        return items.isSound ? new User(dataBytesMax, implementation, version, roles, isIdentityAsked) : null;
    }

    /** Goes over the items between two indexes; the value of the present one is [from, to). */
    private static final class Items {
        private final Bytes body;
        private final int end;
        private int type;
        private int from;
        private int to;
        private boolean isSound = true;

        Items(Bytes body, int from, int end) {
            this.body = body;
            this.to = from;
            this.end = end;
        }

        boolean next() {
            if (to == end) {
                return false;
            }
            if (end - to < 4) {
                isSound = false;
                return false;
            }
            type = body.at(to);
            from = to + 4;
            int next = from + (body.at(to + 2) << 8 | body.at(to + 3));
            isSound = next <= end;
            to = isSound ? next : end;
            return isSound;
        }

        int pair(int at) {
            return body.at(from + at) << 8 | body.at(from + at + 1);
        }

        String uid() {
            return Uids.strip(body.slice(from, to).latin1()).strip();
        }
    }

    /** The whole PDU with its header. */
    static byte[] write(Pdu pdu) {
        if (pdu instanceof Pdu.Request request) {
            return request(request);
        }
        if (pdu instanceof Pdu.Accept accept) {
            return accept(accept);
        }
        if (pdu instanceof Pdu.Reject reject) {
            return shortPdu(3, reject.result(), reject.source(), reject.reason());
        }
        if (pdu instanceof Pdu.Abort abort) {
            return shortPdu(7, 0, abort.source(), abort.reason());
        }
        return shortPdu(pdu instanceof Pdu.ReleaseRequest ? 5 : 6, 0, 0, 0);
    }

    private static byte[] shortPdu(int type, int second, int third, int fourth) {
        return new byte[] {(byte) type, 0, 0, 0, 0, 4, 0, (byte) second, (byte) third, (byte) fourth};
    }

    private static byte[] request(Pdu.Request request) {
        ByteArrayOutputStream body = body(request.versions(), request.titles());
        item(body, 0x10, ascii(request.application()));
        for (Proposal proposal : request.proposals()) {
            ByteArrayOutputStream context = context(proposal.id(), 0);
            item(context, 0x30, ascii(proposal.abstractSyntax()));
            proposal.transferSyntaxes().forEach(syntax -> item(context, 0x40, ascii(syntax)));
            item(body, 0x20, context.toByteArray());
        }
        item(body, 0x50, user(request.user(), 0x58));
        return framed(1, body);
    }

    private static byte[] accept(Pdu.Accept accept) {
        ByteArrayOutputStream body = body(1, accept.titles());
        item(body, 0x10, ascii(Uids.APPLICATION_CONTEXT));
        for (Answer answer : accept.answers()) {
            ByteArrayOutputStream context =
                    context(answer.id(), answer.outcome().code());
            item(context, 0x40, ascii(answer.transferSyntax()));
            item(body, 0x21, context.toByteArray());
        }
        item(body, 0x50, user(accept.user(), 0x59));
        return framed(2, body);
    }

    private static ByteArrayOutputStream body(int versions, Bytes titles) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        pair(body, versions);
        pair(body, 0);
        body.writeBytes(titles.toArray());
        return body;
    }

    private static ByteArrayOutputStream context(int id, int outcome) {
        ByteArrayOutputStream context = new ByteArrayOutputStream();
        pair(context, id << 8);
        pair(context, outcome << 8);
        return context;
    }

    private static byte[] user(User user, int identityItem) {
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        ByteArrayOutputStream number = new ByteArrayOutputStream();
        pair(number, (int) (user.dataBytesMax() >> 16));
        pair(number, (int) user.dataBytesMax());
        item(items, 0x51, number.toByteArray());
        item(items, 0x52, ascii(user.implementation()));
        for (Role role : user.roles()) {
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            byte[] uid = ascii(role.abstractSyntax());
            pair(value, uid.length);
            value.writeBytes(uid);
            pair(value, (role.isUser() ? 0x100 : 0) | (role.isProvider() ? 1 : 0));
            item(items, 0x54, value.toByteArray());
        }
        if (user.version() != null) {
            item(items, 0x55, ascii(user.version()));
        }
        if (user.isIdentityAsked() && identityItem == 0x59) {
            item(items, identityItem, new byte[] {0, 0});
        }
        return items.toByteArray();
    }

    private static byte[] framed(int type, ByteArrayOutputStream body) {
        ByteArrayOutputStream pdu = new ByteArrayOutputStream();
        pair(pdu, type << 8);
        pair(pdu, body.size() >> 16);
        pair(pdu, body.size());
        pdu.writeBytes(body.toByteArray());
        return pdu.toByteArray();
    }

    private static void item(ByteArrayOutputStream out, int type, byte[] value) {
        pair(out, type << 8);
        pair(out, value.length);
        out.writeBytes(value);
    }

    private static void pair(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
