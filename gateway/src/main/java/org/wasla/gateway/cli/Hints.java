package org.wasla.gateway.cli;

import java.util.List;
import java.util.regex.Matcher;
import org.wasla.gateway.frame.BlockFrame;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.DatagramFrame;
import org.wasla.gateway.frame.FrameSpec;
import org.wasla.gateway.frame.LengthFrame;
import org.wasla.gateway.frame.LineFrame;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.frame.SyncFrame;
import org.wasla.gateway.message.MessageSpec;

/** What a frame rule took, and what to look at in the profile where bytes became no message. Pure. */
final class Hints {
    private Hints() {}

    /** The frame rule in words, for a frame that it took. */
    static String rule(FrameSpec frame) {
        String rule = kind(frame);
        if (frame instanceof SyncFrame) {
            return rule + (frame.isChecked() ? ", each with a right check" : "");
        }
        return rule
                + (frame.guard().escape() == null ? "" : ", unescaped")
                + (frame.guard().size() == null ? "" : ", size right")
                + (frame.guard().checks().isEmpty() ? "" : ", check right");
    }

    private static String kind(FrameSpec frame) {
        if (frame instanceof LineFrame line) {
            return "line up to " + line.end();
        }
        if (frame instanceof BlockFrame block) {
            return "block from " + block.start() + " to " + block.end();
        }
        if (frame instanceof LengthFrame) {
            return "frame of the length that it says";
        }
        if (frame instanceof SyncFrame sync) {
            return sync.blocks() + (sync.blocks() == 1 ? " block of " : " blocks of ") + sync.size() + " bytes";
        }
        return frame instanceof DatagramFrame ? "packet" : "frame";
    }

    static String of(Fault fault) {
        return switch (fault) {
            case GARBAGE -> "no frame begins here: look at frame, or at speed and parity";
            case CUT -> "it began and did not end: cut off, or look at the end in frame";
            case OVERLONG -> "no end within max: look at the end and max in frame";
            case CHECKSUM -> "damaged, or look at check in frame: from, to, pos and type";
            case COUNT -> "bytes were lost, or look at size in frame or count in message";
            case FORMAT -> "it fits no message";
            default -> "no bytes are at fault";
        };
    }

    /** How far the frame goes with the message whose pattern it fits best. */
    static String nearest(List<MessageSpec> messages, Bytes frame) {
        String text = frame.latin1();
        String nearest = "";
        int furthest = -1;
        for (MessageSpec message : messages) {
            int fits = message.pattern() == null ? -1 : fits(Sought.matcher(message.pattern(), text), text.length());
            if (fits > furthest) {
                furthest = fits;
                nearest = message.id();
            }
        }
        if (furthest < 0) {
            return "no message has places for " + frame.size() + " bytes like these";
        }
        if (furthest == text.length()) {
            return "the pattern of '" + nearest + "' fits all of it and wants more";
        }
        int from = Math.max(0, furthest - 12);
        return "the pattern of '" + nearest + "' fits up to byte " + furthest + ": '" + printable(text, from, furthest)
                + "', and not '" + printable(text, furthest, Math.min(text.length(), furthest + 12)) + "'";
    }

    /** The longest beginning that could go on to fit. */
    private static int fits(Matcher matcher, int length) {
        int good = 0;
        int bad = length + 1;
        while (bad - good > 1) {
            int middle = (good + bad) >>> 1;
            if (couldGoOn(matcher, middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    private static boolean couldGoOn(Matcher matcher, int end) {
        matcher.region(0, end);
        try {
            return matcher.matches() || matcher.hitEnd();
        } catch (StackOverflowError | Sought.Endless tooMuch) {
            return false;
        }
    }

    static String printable(String text, int from, int to) {
        StringBuilder seen = new StringBuilder();
        text.substring(from, to).chars().forEach(c -> seen.append(c >= ' ' && c <= '~' ? (char) c : '.'));
        return seen.toString();
    }
}
