package org.wasla.gateway.hl7;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * An HL7 version 2 message in its text form (ER7, HL7 v2 chapter 2.6). Fields are looked up when they are asked for.
 * Segments end in CR, LF or both; an LF inside a segment whose sender ends them in CR is text, unless a segment begins
 * behind it. Immutable but for what it has looked up already; one thread.
 */
public final class Er7Message {
    /** A message with more segments is refused. */
    public static final int SEGMENTS_MAX = 65_536;

    private static final int NAME = 3;
    private static final String HEADER = "MSH";

    private final String text;
    private final Er7Delimiters marks;
    private final Charset charset;
    private final List<Er7Segment> segments = new ArrayList<>();
    private final List<Er7Segment> shown = Collections.unmodifiableList(segments);
    /** Where the next LF stands, as far as it is known: most messages have none. */
    private int lineFeed = -1;

    private int strays;

    private Er7Message(String text, Er7Delimiters marks, Charset charset) {
        this.text = text;
        this.marks = marks;
        this.charset = charset;
    }

    /**
     * Reads one message. Blanks, line ends and a byte order mark before it are skipped. Never throws on what was sent.
     *
     * @param profile the character set of a sender that names none, or null
     * @return empty when it does not begin with a header, its delimiters are unusable, or it is too long
     */
    public static Optional<Er7Message> read(Bytes body, @Nullable Charset profile) {
        byte[] bytes = body.toArray();
        int from = begin(bytes);
        Er7Charset.Decoded decoded = Er7Charset.decode(bytes, from, bytes.length, profile);
        String text = decoded.text();
        if (!text.startsWith(HEADER)) {
            return Optional.empty();
        }
        int end = 0;
        while (end < text.length() && text.charAt(end) != '\r' && text.charAt(end) != '\n') {
            end++;
        }
        Er7Delimiters marks = Er7Delimiters.of(text.substring(0, end)).orElse(null);
        if (marks == null) {
            return Optional.empty();
        }
        Er7Message message = new Er7Message(text, marks, decoded.charset());
        return message.cut(end < text.length() && text.charAt(end) == '\n') ? Optional.of(message) : Optional.empty();
    }

    private static int begin(byte[] bytes) {
        int from = 0;
        while (from < bytes.length && (bytes[from] & 0xff) <= ' ') {
            from++;
        }
        boolean isMarked = bytes.length - from > NAME
                && bytes[from] == (byte) 0xef
                && bytes[from + 1] == (byte) 0xbb
                && bytes[from + 2] == (byte) 0xbf;
        return isMarked ? from + NAME : from;
    }

    /** Parts a body that holds several messages, as a batch does: what stands before the first header is left out. */
    public static List<Bytes> split(Bytes body) {
        List<Integer> starts = new ArrayList<>();
        int headers = 0;
        for (int i = 0; i + NAME < body.size(); i++) {
            if (body.at(i) == 'M' && body.at(i + 1) == 'S' && body.at(i + 2) == 'H' && isHeader(body, i)) {
                starts.add(i);
                headers++;
            }
        }
        if (headers <= 1) {
            return List.of(headers == 0 || starts.get(0) == 0 ? body : body.slice(starts.get(0), body.size()));
        }
        List<Bytes> messages = new ArrayList<>();
        for (int i = 0; i < headers; i++) {
            int end = i + 1 < headers ? starts.get(i + 1) : body.size();
            messages.add(body.slice(starts.get(i), end));
        }
        return messages;
    }

    /** A line of text may begin with MSH; a header goes on with a mark, and behind a line end. */
    private static boolean isHeader(Bytes body, int at) {
        boolean isFirst = at == 0 || body.at(at - 1) == '\r' || body.at(at - 1) == '\n';
        int mark = body.at(at + NAME);
        return isFirst && mark > ' ' && mark < 0x7f && !Character.isLetterOrDigit(mark);
    }

    /** False when there are too many segments. */
    private boolean cut(boolean endsInLf) {
        int from = 0;
        while (from < text.length()) {
            int to = end(from);
            while (!endsInLf && to < text.length() && text.charAt(to) == '\n' && !isEndAt(to)) {
                to = end(to + 1);
            }
            add(from, to);
            from = to + 1;
            if (segments.size() > SEGMENTS_MAX) {
                return false;
            }
        }
        return true;
    }

    /** Whether what follows an LF in a message of CRs shows that the segment is over. */
    private boolean isEndAt(int at) {
        if (at + 1 >= text.length() || text.charAt(at + 1) == '\r' || text.charAt(at + 1) == '\n') {
            return true;
        }
        return text.charAt(at - 1) == '\r' || isSegment(at + 1, text.length());
    }

    private void add(int from, int to) {
        if (isSegment(from, to)) {
            segments.add(new Er7Segment(this, from, to));
            return;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i) > ' ') {
                strays++;
                return;
            }
        }
    }

    private boolean isSegment(int from, int to) {
        if (to - from < NAME || text.charAt(from) < 'A' || text.charAt(from) > 'Z') {
            return false;
        }
        for (int i = from + 1; i < from + NAME; i++) {
            char letter = text.charAt(i);
            if ((letter < 'A' || letter > 'Z') && (letter < '0' || letter > '9')) {
                return false;
            }
        }
        return to - from == NAME || text.charAt(from + NAME) == marks.field();
    }

    /** @return where the next line end stands, or the end of the text */
    private int end(int from) {
        if (lineFeed < from) {
            lineFeed = found('\n', from);
        }
        return Math.min(lineFeed, found('\r', from));
    }

    private int found(char letter, int from) {
        int at = text.indexOf(letter, from);
        return at < 0 ? text.length() : at;
    }

    /** @return in the order sent, the header first */
    public List<Er7Segment> segments() {
        return shown;
    }

    public Er7Segment header() {
        return segments.get(0);
    }

    public Optional<Er7Segment> first(String name) {
        for (Er7Segment segment : segments) {
            if (segment.name().equals(name)) {
                return Optional.of(segment);
            }
        }
        return Optional.empty();
    }

    /** @return MSH-9.1, such as {@code ORU}; empty when it is not told */
    public String type() {
        return header().text(9);
    }

    /** @return MSH-9.2, such as {@code R01}; empty when it is not told */
    public String event() {
        return header().text(9, 2);
    }

    /** @return MSH-10; empty when it is not told */
    public String controlId() {
        return header().text(10);
    }

    /** @return lines that are no segments; they are left out */
    public int strays() {
        return strays;
    }

    public Er7Delimiters delimiters() {
        return marks;
    }

    public Charset charset() {
        return charset;
    }

    String text() {
        return text;
    }
}
