package org.wasla.gateway.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;

/**
 * Cuts XML documents out of a stream of bytes that tells no lengths (lab.md 2.6): a document ends with the end tag of its
 * root. Comments, CDATA, processing instructions and quoted values are looked through and do not end one. A root has the
 * name of a message, capitals with a dot ({@code OBS.R01}), so that the tail of a document that was cut is none. Such a
 * name, or an XML declaration, within a document shows that the one before was cut. White space and the marks of MLLP
 * between documents are nothing. Documents are in UTF-8 or another set that has ASCII's letters in their places. Pure;
 * one thread.
 */
final class XmlFrames {
    static final int VT = 0x0b;
    private static final Pattern MESSAGE = Pattern.compile("[A-Z][A-Z0-9]{0,15}(\\.[A-Z0-9_]{1,40}){1,3}");
    private static final String FILL = "\t\n\r \u000b\u001c\u00ef\u00bb\u00bf";
    private static final int NAME_MAX = 64;

    /** What the byte before was within. */
    private enum At {
        BETWEEN,
        TEXT,
        /** Behind {@code <}. */
        OPEN,
        /** Behind {@code <!}. */
        BANG,
        COMMENT,
        CDATA,
        INSTRUCTION,
        /** A declaration of a type, or what looks like one: the reader refuses it. */
        DECLARATION,
        /** The name of a start tag. */
        NAME,
        START,
        QUOTED,
        END
    }

    private final int bytesMax;
    private final ByteArrayOutputStream document = new ByteArrayOutputStream();
    private final StringBuilder name = new StringBuilder();
    private At at = At.BETWEEN;
    private String root = "";
    /** Whether the tag that is being read opens the root. */
    private boolean opensRoot;

    private int tagAt;
    private int quote;
    /** The last two bytes, the newest lowest. */
    private int last;

    /** Whether markup began within markup, before the root. */
    private boolean isBroken;

    private boolean isNoisy;
    private boolean isMllp;

    /** @param bytesMax most bytes of a document */
    XmlFrames(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    List<Piece> put(byte[] chunk, int length) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            put(chunk[i] & 0xff, pieces);
        }
        return pieces;
    }

    /** The line is quiet: what began does not go on. */
    List<Piece> flush() {
        List<Piece> pieces = new ArrayList<>();
        giveUp(Fault.CUT, document.size(), pieces);
        return pieces;
    }

    boolean holdsBytes() {
        return document.size() > 0;
    }

    /** Whether the document cut last, or the one begun, stands in a frame of MLLP, as some devices send them. */
    boolean isMllp() {
        return isMllp;
    }

    private void put(int octet, List<Piece> pieces) {
        if (at == At.BETWEEN && octet != '<') {
            between(octet, pieces);
            return;
        }
        document.write(octet);
        boolean isMarkup = octet == '<' && at != At.COMMENT && at != At.CDATA && !isInstruction();
        if (isMarkup) {
            isBroken |= at != At.BETWEEN && at != At.TEXT && at != At.DECLARATION;
            tagAt = document.size() - 1;
            name.setLength(0);
            at = At.OPEN;
        } else {
            go(octet, pieces);
        }
        last = last << 8 & 0xffff | octet;
        if (document.size() > bytesMax) {
            giveUp(Fault.OVERLONG, document.size(), pieces);
        }
    }

    /** Within the root an instruction may hold anything; before it there is the declaration, or what is left of one. */
    private boolean isInstruction() {
        return at == At.INSTRUCTION && !root.isEmpty();
    }

    private void between(int octet, List<Piece> pieces) {
        if (octet == VT) {
            isMllp = true;
        }
        if (FILL.indexOf(octet) < 0) {
            pieces.add(new Piece.Noise(Fault.GARBAGE, isNoisy ? 0 : 1, 1));
            isNoisy = true;
        }
    }

    private void go(int octet, List<Piece> pieces) {
        switch (at) {
            case OPEN -> open(octet, pieces);
            case BANG -> bang(octet);
            case COMMENT -> at = octet == '>' && last == ('-' << 8 | '-') ? At.TEXT : at;
            case CDATA -> at = octet == '>' && last == (']' << 8 | ']') ? At.TEXT : at;
            case INSTRUCTION -> instruction(octet, pieces);
            case DECLARATION -> at = octet == '>' ? At.TEXT : at;
            case NAME -> name(octet, pieces);
            case START -> start(octet, pieces);
            case QUOTED -> at = octet == quote ? At.START : at;
            case END -> end(octet, pieces);
            default -> {}
        }
        // Between the declaration and the root there is nothing but markup.
        if (at == At.TEXT && root.isEmpty() && octet != '>' && FILL.indexOf(octet) < 0) {
            giveUp(Fault.GARBAGE, document.size(), pieces);
        }
    }

    private void open(int octet, List<Piece> pieces) {
        switch (octet) {
            case '!' -> at = At.BANG;
            case '?' -> at = At.INSTRUCTION;
            case '/' -> at = At.END;
            default -> {
                at = At.NAME;
                opensRoot = false;
                name(octet, pieces);
            }
        }
    }

    private void bang(int octet) {
        name.append((char) octet);
        if (name.indexOf("--") == 0) {
            at = At.COMMENT;
            // The two dashes that open it do not close it.
            last = 0;
        } else if (name.indexOf("[CDATA[") == 0) {
            at = At.CDATA;
        } else if (!"--".startsWith(name.toString()) && !"[CDATA[".startsWith(name.toString())) {
            at = At.DECLARATION;
            go(octet, List.of());
        }
    }

    private void instruction(int octet, List<Piece> pieces) {
        if (name.length() < NAME_MAX) {
            name.append((char) octet);
            if (name.length() == 4 && name.indexOf("xml") == 0 && FILL.indexOf(octet) >= 0) {
                begin(pieces);
            }
        }
        if (octet == '>' && (last & 0xff) == '?') {
            at = At.TEXT;
        }
    }

    /** A document begins with the tag that is being read; what was held is the rest of one that was cut. */
    private void begin(List<Piece> pieces) {
        if (tagAt > 0) {
            byte[] all = document.toByteArray();
            int from = tagAt;
            At before = at;
            giveUp(Fault.CUT, from, pieces);
            document.write(all, from, all.length - from);
            tagAt = 0;
            at = before;
        }
        root = "";
        isBroken = false;
    }

    private void name(int octet, List<Piece> pieces) {
        if (octet != '>' && octet != '/' && FILL.indexOf(octet) < 0) {
            named(octet);
            return;
        }
        named(pieces);
        if (at == At.NAME) {
            at = At.START;
            go(octet, pieces);
        }
    }

    private void start(int octet, List<Piece> pieces) {
        if (octet == '"' || octet == '\'') {
            quote = octet;
            at = At.QUOTED;
        } else if (octet == '>') {
            at = At.TEXT;
            if (opensRoot && (last & 0xff) == '/') {
                frame(pieces);
            }
        }
    }

    private void named(int octet) {
        if (name.length() < NAME_MAX) {
            name.append((char) octet);
        }
    }

    private void named(List<Piece> pieces) {
        if (MESSAGE.matcher(name).matches()) {
            String begun = name.toString();
            if (!root.isEmpty() || isBroken) {
                begin(pieces);
            }
            root = begun;
            opensRoot = true;
        } else if (root.isEmpty()) {
            giveUp(Fault.GARBAGE, document.size(), pieces);
        }
    }

    private void end(int octet, List<Piece> pieces) {
        if (octet != '>') {
            named(octet);
        } else if (root.isEmpty()) {
            giveUp(Fault.GARBAGE, document.size(), pieces);
        } else {
            at = At.TEXT;
            if (name.toString().strip().equals(root)) {
                frame(pieces);
            }
        }
    }

    private void frame(List<Piece> pieces) {
        pieces.add(new Piece.Frame(Bytes.of(document.toByteArray()), document.size()));
        reset();
        isNoisy = false;
    }

    /** @param size of its bytes, from the first */
    private void giveUp(Fault fault, int size, List<Piece> pieces) {
        if (size > 0) {
            boolean goesOn = isNoisy && fault == Fault.GARBAGE;
            pieces.add(new Piece.Noise(fault, goesOn ? 0 : 1, size));
        }
        reset();
        isNoisy = true;
    }

    private void reset() {
        document.reset();
        name.setLength(0);
        root = "";
        at = At.BETWEEN;
        tagAt = 0;
        last = 0;
        quote = 0;
        opensRoot = false;
        isBroken = false;
    }
}
