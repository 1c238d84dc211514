package org.wasla.gateway.dicom;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/** A protocol data unit that is taken whole: all of PS3.8 section 9.3 but P-DATA-TF, which streams. Immutable. */
public sealed interface Pdu {

    /** Called and calling title and the reserved bytes behind them: an answer echoes these 64 bytes as they came. */
    int TITLES_BYTES = 64;

    int TITLE_CHARS_MAX = 16;

    /** A proposed presentation context: its id, 0 to 255, what is to be done, and in which encodings. */
    record Proposal(int id, String abstractSyntax, List<String> transferSyntaxes) {
        public Proposal {
            transferSyntaxes = List.copyOf(transferSyntaxes);
        }
    }

    /** What became of a proposal; the transfer syntax counts only when it is accepted. */
    record Answer(int id, Outcome outcome, String transferSyntax) {}

    /** PS3.8 table 9-18. */
    enum Outcome {
        ACCEPTED(0),
        USER_REJECTION(1),
        NO_REASON(2),
        ABSTRACT_SYNTAX_NOT_SUPPORTED(3),
        TRANSFER_SYNTAXES_NOT_SUPPORTED(4);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Outcome of(int code) {
            for (Outcome outcome : values()) {
                if (outcome.code == code) {
                    return outcome;
                }
            }
            return NO_REASON;
        }
    }

    /** Who of the two asks and who serves for a class, as proposed by the requestor or granted to it. */
    record Role(String abstractSyntax, boolean isUser, boolean isProvider) {}

    /**
     * What both sides say of themselves.
     *
     * @param dataBytesMax what a P-DATA-TF may have behind its header; 0 is no limit
     * @param isIdentityAsked whether the requestor named a user and wants that confirmed; the name is not kept
     */
    record User(
            long dataBytesMax,
            String implementation,
            @Nullable String version,
            List<Role> roles,
            boolean isIdentityAsked) {
        public User {
            roles = List.copyOf(roles);
        }
    }

    /** A-ASSOCIATE-RQ. */
    record Request(int versions, Bytes titles, String application, List<Proposal> proposals, User user) implements Pdu {
        public Request {
            proposals = List.copyOf(proposals);
        }

        /** A request from this title to that one. */
        public static Request of(String called, String calling, List<Proposal> proposals, User user) {
            String titles = String.format("%-16.16s%-16.16s", called, calling) + "\0".repeat(32);
            return new Request(1, Bytes.latin1(titles), Uids.APPLICATION_CONTEXT, proposals, user);
        }

        public String called() {
            return titles.slice(0, TITLE_CHARS_MAX).latin1().strip();
        }

        public String calling() {
            return titles.slice(TITLE_CHARS_MAX, 2 * TITLE_CHARS_MAX).latin1().strip();
        }
    }

    /** A-ASSOCIATE-AC. */
    record Accept(Bytes titles, List<Answer> answers, User user) implements Pdu {
        public Accept {
            answers = List.copyOf(answers);
        }

        /** Empty when the context was not accepted. */
        public Optional<Answer> accepted(int id) {
            return answers.stream()
                    .filter(answer -> answer.id() == id && answer.outcome() == Outcome.ACCEPTED)
                    .findFirst();
        }
    }

    /** A-ASSOCIATE-RJ: the codes of PS3.8 table 9-21. */
    record Reject(int result, int source, int reason) implements Pdu {
        public static final Reject APPLICATION_CONTEXT = new Reject(1, 1, 2);
        public static final Reject CALLING_TITLE = new Reject(1, 1, 3);
        public static final Reject CALLED_TITLE = new Reject(1, 1, 7);
        public static final Reject VERSION = new Reject(1, 2, 2);
        public static final Reject CONGESTION = new Reject(2, 3, 1);
        public static final Reject LIMIT = new Reject(2, 3, 2);
    }

    /** A-RELEASE-RQ. */
    record ReleaseRequest() implements Pdu {}

    /** A-RELEASE-RP. */
    record ReleaseReply() implements Pdu {}

    /** A-ABORT: source 0 is the service's user, 2 its provider; the reasons are those of PS3.8 table 9-26. */
    record Abort(int source, int reason) implements Pdu {
        public static final Abort BY_USER = new Abort(0, 0);
        public static final int PROVIDER = 2;
        public static final int NO_REASON = 0;
        public static final int UNRECOGNISED = 1;
        public static final int UNEXPECTED = 2;
        public static final int INVALID_PARAMETER = 6;
    }
}
