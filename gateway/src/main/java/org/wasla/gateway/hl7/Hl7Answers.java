package org.wasla.gateway.hl7;

import java.util.List;
import org.wasla.gateway.frame.Bytes;

/**
 * The acknowledgements owed to a message (HL7 v2 chapter 2.9; IHE DEV TF-2 appendix B.1, B.2; lab.md 2.1), in MLLP frames.
 * An acknowledgement carries the number and the time of the message that it answers: here is no clock, and a device that
 * sets its own by what it is answered stays as it was. Stateless.
 */
public final class Hl7Answers {
    private static final int ACCEPT = 15;
    private static final int APPLICATION = 16;
    private static final String ERRORS = "HL70357";

    private Hl7Answers() {}

    /** How a sender wants to be answered. */
    public enum Mode {
        /** As MSH-15 and MSH-16 say: neither is valued: AA, AE or AR; else CA, CE or CR and what more is asked for. */
        AUTO,
        /** Always AA, AE or AR: right for senders that do not know more, whatever they write. */
        AA,
        /** Always CA, CE or CR. */
        CA,
        NONE
    }

    /** What became of the message. */
    public enum Outcome {
        /** It is safe on disk. */
        KEPT('A', "", ""),
        /** It could not be kept: to be sent again. */
        REFUSED('E', "207", "Application internal error"),
        /** It is of a kind that is not taken: not to be sent again. */
        REJECTED('R', "200", "Unsupported message type");

        private final char letter;
        private final String code;
        private final String words;

        Outcome(char letter, String code, String words) {
            this.letter = letter;
            this.code = code;
            this.words = words;
        }
    }

    /** @return one frame, two where both kinds are asked for, or nothing where none is */
    public static Bytes to(Er7Message message, Mode mode, Outcome outcome) {
        String accept = message.header().text(ACCEPT);
        String application = message.header().text(APPLICATION);
        boolean isOriginal = mode == Mode.AA || mode == Mode.AUTO && accept.isEmpty() && application.isEmpty();
        if (isOriginal) {
            return answer(message, 'A', outcome);
        }
        if (mode == Mode.CA) {
            return answer(message, 'C', outcome);
        }
        if (mode == Mode.NONE) {
            return Bytes.NONE;
        }
        Bytes first = isDue(accept, outcome) ? answer(message, 'C', outcome) : Bytes.NONE;
        Bytes second = isDue(application, outcome) ? answer(message, 'A', outcome) : Bytes.NONE;
        return first.size() == 0 || second.size() == 0
                ? Bytes.of((first.size() == 0 ? second : first).toArray())
                : Bytes.latin1(first.latin1() + second.latin1());
    }

    /** HL7 table 0155. */
    private static boolean isDue(String condition, Outcome outcome) {
        return switch (condition) {
            case "AL" -> true;
            case "SU" -> outcome == Outcome.KEPT;
            case "ER" -> outcome != Outcome.KEPT;
            default -> false;
        };
    }

    /** The rejection of a frame that is no message: nobody knows whose it was. */
    public static Bytes toUnreadable() {
        return new Er7Writer()
                .segment("MSH")
                .skip(6)
                .field("ACK")
                .field("0")
                .field("P")
                .field("2.6")
                .segment("MSA")
                .field("AR")
                .field()
                .framed();
    }

    /** @return a message to whoever sent this one, as far as its header; the number and the time are the question's */
    public static Er7Writer header(Er7Message message, String... type) {
        return acknowledged(message, "", type);
    }

    /** @param how it is to be acknowledged itself, MSH-15 and MSH-16 */
    private static Er7Writer acknowledged(Er7Message message, String how, String... type) {
        Er7Segment header = message.header();
        Er7Writer writer = new Er7Writer(message.delimiters(), message.charset()).segment("MSH");
        // Who received it answers who sent it.
        for (int field : List.of(5, 6, 3, 4)) {
            writer.raw(header.raw(field));
        }
        return writer.raw(header.raw(7))
                .field()
                .field(type)
                .raw(header.raw(10))
                .raw(header.raw(11))
                .raw(header.raw(12))
                .skip(2)
                .raw(how)
                .raw(how)
                .skip(1)
                .raw(header.raw(18));
    }

    private static Bytes answer(Er7Message message, char kind, Outcome outcome) {
        Er7Segment header = message.header();
        String how = kind == 'C' ? "NE" : "";
        Er7Writer writer = header.text(9, 3).isEmpty()
                ? acknowledged(message, how, "ACK", message.event())
                : acknowledged(message, how, "ACK", message.event(), "ACK");
        writer.segment("MSA").field("" + kind + outcome.letter).raw(header.raw(10));
        if (outcome != Outcome.KEPT && knowsErrors(header.text(12))) {
            writer.segment("ERR")
                    .skip(2)
                    .field(outcome.code, outcome.words, ERRORS)
                    .field("E");
        }
        return writer.framed();
    }

    /** ERR-3 and ERR-4 came with version 2.5. */
    private static boolean knowsErrors(String version) {
        return version.matches("2\\.[5-9].*");
    }
}
