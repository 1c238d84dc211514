package org.wasla.gateway.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.stream.Collectors;
import org.wasla.gateway.dicom.DeidentifyRules.Action;
import org.wasla.gateway.dicom.Oddity.Kind;

/**
 * Writes a data set again without what says whose it is (PS3.15 annex E, basic profile; {@link DeidentifyRules}): in one
 * pass, without recursion, values in pieces, pixels as they are. Sequences and items come out with delimiters, since their
 * lengths change. Where bytes cannot be understood for certain nothing is guessed: writing ends with {@link
 * NotUnderstood}. Pure; one thread, one data set.
 */
public final class Deidentifier {
    private static final int DEPTH_MAX = 64;
    private static final int VALUE_BYTES_MAX = 64 << 10;
    private static final int PATIENT_ID = 0x0010_0020;
    private static final int CONTENT_SEQUENCE = 0x0040_a730;
    private static final int METHOD = 0x0012_0063;
    private static final String STANDARD_ROOT = "1.2.840.10008.";
    private static final int[] OURS = {0x0012_0062, METHOD, 0x0012_0064, 0x0028_0303};

    private final DataSetInput in;
    private final DataSetOutput out;
    private final Names names;
    private final Encoding outer;
    private final DataSetLevels levels = new DataSetLevels();
    private final Deque<Mode> modes = new ArrayDeque<>();
    private final OddityBook odd = new OddityBook();
    private int added;

    private Deidentifier(DataSetInput in, Encoding encoding, Names names, OutputStream out) {
        this.in = in;
        this.out = new DataSetOutput(out, encoding);
        this.names = names;
        this.outer = encoding;
        levels.open(false, false, encoding, in.end());
        modes.push(Mode.PLAIN);
    }

    /** What stands in the place of what is replaced: the same for the same, and no way back. */
    public interface Names {
        /** @return a valid UID */
        String uid(String uid);

        /** @return a patient id, at most 64 characters */
        String patient(String id);
    }

    /** The data set is not what it should be; what was written of it so far is worth nothing. */
    public static final class NotUnderstood extends IOException {
        private static final long serialVersionUID = 1;

        NotUnderstood(Kind why) {
            super(why.wire());
        }
    }

    /** How elements of a level are treated. */
    private enum Mode {
        PLAIN,
        STRICT,
        SILENT
    }

    /** The transfer syntax of what comes out: a deflated data set comes out plain. */
    public static String transferSyntax(String stored) {
        return stored.equals(Encoding.DEFLATED_UID) ? Uids.EXPLICIT_LITTLE : stored;
    }

    /** The UID that stands for another; those of the standard stand for themselves. */
    public static String uid(String uid, Names names) {
        return uid.isEmpty() || uid.startsWith(STANDARD_ROOT) ? uid : names.uid(uid);
    }

    /**
     * Writes a data set without whose it is.
     *
     * @param in from its first byte; it is not closed
     * @param size bytes of it
     * @throws NotUnderstood when it is not what the transfer syntax says, or is cut
     */
    public static void write(InputStream in, long size, String transferSyntax, Names names, OutputStream out)
            throws IOException {
        if (!transferSyntax.equals(Encoding.DEFLATED_UID)) {
            Encoding encoding = Encoding.of(transferSyntax);
            new Deidentifier(new DataSetInput(in, 0, size), encoding, names, out).run();
            return;
        }
        try (InflatedInput plain = new InflatedInput(in)) {
            DataSetInput input = new DataSetInput(plain, 0, Long.MAX_VALUE);
            new Deidentifier(input, Encoding.EXPLICIT_LITTLE, names, out).run();
            Kind fault = plain.fault();
            if (fault != null) {
                throw new NotUnderstood(fault);
            }
        }
    }

    private void run() throws IOException {
        int have = in.look(12);
        if (have < 8 || Encoding.seen(in, have, in.end(), outer) != outer) {
            throw new NotUnderstood(have < 8 ? Kind.NO_DATA_SET : Kind.WRONG_TRANSFER_SYNTAX);
        }
        boolean goesOn = true;
        while (goesOn) {
            closeEnded();
            goesOn = in.look(1) > 0 && in.at() < levels.end() && step();
        }
        if (levels.size() > 1) {
            throw new NotUnderstood(Kind.TRUNCATED);
        }
        addUpTo(-1);
    }

    private void closeEnded() throws IOException {
        while (levels.size() > 1 && in.at() >= levels.end()) {
            if (levels.isMarked()) {
                throw new NotUnderstood(Kind.MISSING_DELIMITER);
            }
            close();
        }
    }

    private boolean step() throws IOException {
        long left = levels.end() - in.at();
        int have = (int) Math.min(in.look(12), left);
        if (have < 8) {
            throw new NotUnderstood(Kind.TRUNCATED);
        }
        int tag = DataSetHeader.tag(in, levels.encoding().isBigEndian());
        if (levels.isSequence()) {
            item(tag);
        } else if (Tags.group(tag) == 0xfffe) {
            if (tag != Tags.ITEM_END || levels.size() == 1 || !levels.isMarked()) {
                throw new NotUnderstood(Kind.STRAY_DELIMITER);
            }
            in.skip(8);
            close();
        } else if (tag == Tags.PADDING && levels.size() == 1) {
            return false;
        } else {
            element(have, left);
        }
        return true;
    }

    private void item(int tag) throws IOException {
        long length = in.u4(4, levels.encoding().isBigEndian());
        if (tag == Tags.SEQUENCE_END && levels.isMarked()) {
            in.skip(8);
            close();
            return;
        }
        if (tag != Tags.ITEM) {
            throw new NotUnderstood(Kind.NOT_AN_ITEM);
        }
        in.skip(8);
        if (isHeard()) {
            out.tag(Tags.ITEM);
            out.u4(DataSetReader.UNDEFINED);
        }
        open(false, length, levels.encoding(), modes.element());
    }

    private void element(int have, long left) throws IOException {
        Encoding encoding = levels.encoding();
        DataSetHeader header = DataSetHeader.read(in, have, left, encoding, false, odd);
        int tag = header.tag();
        boolean isMarked = header.length() == DataSetReader.UNDEFINED;
        if (!isMarked && header.length() > left - header.size()) {
            throw new NotUnderstood(Kind.TRUNCATED);
        }
        if (header.form() == DataSetHeader.Form.UNKNOWN || header.implicit() != encoding.isImplicit()) {
            throw new NotUnderstood(Kind.UNKNOWN_VR);
        }
        if (levels.size() == 1) {
            addUpTo(tag);
        }
        in.skip(header.size());
        Vr vr = header.implicit() ? DeidentifyRules.vr(tag, header.vr()) : header.vr();
        boolean isOurs = levels.size() == 1 && Arrays.stream(OURS).anyMatch(each -> each == tag);
        Action action =
                isHeard() && !isOurs ? DeidentifyRules.action(tag, vr, modes.element() == Mode.STRICT) : Action.REMOVE;
        boolean isPixels = isMarked && !header.implicit() && vr.isOpaque() && vr != Vr.UN;
        if (isPixels) {
            fragments(tag, vr, action == Action.KEEP);
        } else if (action == Action.REMOVE) {
            remove(header, isMarked, vr);
        } else if (vr == Vr.SQ) {
            sequence(tag, header.length(), action);
        } else if (isMarked) {
            throw new NotUnderstood(Kind.UNDEFINED_LENGTH);
        } else {
            value(tag, vr, header.length(), action);
        }
    }

    private void remove(DataSetHeader header, boolean isMarked, Vr vr) throws IOException {
        if (!isMarked) {
            skip(header.length());
            return;
        }
        if (vr != Vr.SQ && vr != Vr.UN && !header.implicit()) {
            throw new NotUnderstood(Kind.UNDEFINED_LENGTH);
        }
        // An unknown value of undefined length is a sequence in the implicit form (PS3.5 section 6.2.2).
        boolean isImplicit = vr == Vr.UN || header.implicit();
        open(true, header.length(), isImplicit ? Encoding.IMPLICIT_LITTLE : levels.encoding(), Mode.SILENT);
    }

    private void sequence(int tag, long length, Action action) throws IOException {
        boolean isEmpty = length == 0;
        if (action == Action.EMPTY && length == DataSetReader.UNDEFINED) {
            out.header(tag, Vr.SQ, 0);
            open(true, length, levels.encoding(), Mode.SILENT);
        } else if (action == Action.EMPTY || isEmpty) {
            out.header(tag, Vr.SQ, 0);
            skip(length);
        } else {
            out.header(tag, Vr.SQ, DataSetReader.UNDEFINED);
            boolean isStrict = modes.element() == Mode.STRICT || action == Action.DUMMY && tag != CONTENT_SEQUENCE;
            open(true, length, levels.encoding(), isStrict ? Mode.STRICT : Mode.PLAIN);
        }
    }

    private void value(int tag, Vr vr, long length, Action action) throws IOException {
        boolean isText =
                action == Action.UID || tag == PATIENT_ID || action == Action.KEEP && DeidentifyRules.isChecked(vr);
        if (action == Action.KEEP && !isText) {
            out.header(tag, vr, length);
            copy(length);
        } else if (length > VALUE_BYTES_MAX && isText) {
            // No code, number or UID is so long.
            skip(length);
        } else if (isText) {
            text(tag, vr, new String(take((int) length), StandardCharsets.ISO_8859_1), action);
        } else {
            skip(length);
            byte[] dummy = action == Action.EMPTY || length == 0
                    ? new byte[0]
                    : DeidentifyRules.dummy(vr, (int) Math.min(length, VALUE_BYTES_MAX));
            out.write(tag, vr, dummy);
        }
    }

    private void text(int tag, Vr vr, String value, Action action) throws IOException {
        if (tag == PATIENT_ID) {
            String id = value.strip();
            out.write(tag, vr, DataSetOutput.even(id.isEmpty() ? "" : names.patient(id), ' '));
        } else if (action == Action.UID) {
            String uids = Arrays.stream(value.split("\\\\", -1))
                    .map(each -> uid(Uids.strip(each).strip(), names))
                    .collect(Collectors.joining("\\"));
            out.write(tag, vr, DataSetOutput.even(uids, '\0'));
        } else if (DeidentifyRules.isPlain(vr, Uids.strip(value))) {
            out.write(tag, vr, value.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Pixels in pieces: they stay as they are. */
    private void fragments(int tag, Vr vr, boolean isKept) throws IOException {
        boolean big = levels.encoding().isBigEndian();
        if (isKept) {
            out.header(tag, vr, DataSetReader.UNDEFINED);
        }
        int next = 0;
        while (next != Tags.SEQUENCE_END) {
            if (in.look(8) < 8 || levels.end() - in.at() < 8) {
                throw new NotUnderstood(Kind.TRUNCATED);
            }
            next = DataSetHeader.tag(in, big);
            long length = in.u4(4, big);
            if (next != Tags.ITEM && next != Tags.SEQUENCE_END || length > levels.end() - in.at() - 8) {
                throw new NotUnderstood(Kind.NOT_AN_ITEM);
            }
            if (isKept) {
                out.bytes(take(8));
                copy(length);
            } else {
                skip(8 + length);
            }
        }
    }

    private boolean isHeard() {
        return modes.element() != Mode.SILENT;
    }

    private void open(boolean sequence, long length, Encoding encoding, Mode mode) throws IOException {
        boolean marked = length == DataSetReader.UNDEFINED;
        if (!marked && length > levels.end() - in.at()) {
            throw new NotUnderstood(Kind.LENGTH_CONTRADICTS);
        }
        if (levels.size() > 2 * DEPTH_MAX) {
            throw new NotUnderstood(Kind.TOO_DEEP);
        }
        levels.open(sequence, marked, encoding, marked ? levels.end() : in.at() + length);
        modes.push(mode);
    }

    private void close() throws IOException {
        boolean wasSequence = levels.isSequence();
        Mode mode = modes.pop();
        levels.close();
        if (mode != Mode.SILENT) {
            out.tag(wasSequence ? Tags.SEQUENCE_END : Tags.ITEM_END);
            out.u4(0);
        }
    }

    /** Adds what tells that this was done, in the place that the order of tags gives it. */
    private void addUpTo(int tag) throws IOException {
        while (added < OURS.length && Integer.compareUnsigned(OURS[added], tag) <= 0) {
            int ours = OURS[added++];
            switch (ours) {
                case METHOD ->
                    out.write(ours, Vr.LO, DataSetOutput.even("PS3.15 basic profile, more removed than it asks", ' '));
                case 0x0012_0064 -> method(ours);
                case 0x0028_0303 -> out.write(ours, Vr.CS, DataSetOutput.even("REMOVED", ' '));
                default -> out.write(ours, Vr.CS, DataSetOutput.even("YES", ' '));
            }
        }
    }

    private void method(int tag) throws IOException {
        out.header(tag, Vr.SQ, DataSetReader.UNDEFINED);
        out.tag(Tags.ITEM);
        out.u4(DataSetReader.UNDEFINED);
        out.write(0x0008_0100, Vr.SH, DataSetOutput.even("113100", ' '));
        out.write(0x0008_0102, Vr.SH, DataSetOutput.even("DCM", ' '));
        out.write(0x0008_0104, Vr.LO, DataSetOutput.even("Basic Application Confidentiality Profile", ' '));
        out.tag(Tags.ITEM_END);
        out.u4(0);
        out.tag(Tags.SEQUENCE_END);
        out.u4(0);
    }

    private void copy(long length) throws IOException {
        long left = length;
        while (left > 0) {
            byte[] piece = take((int) Math.min(left, VALUE_BYTES_MAX));
            out.bytes(piece);
            left -= piece.length;
        }
    }

    private byte[] take(int count) throws IOException {
        byte[] taken = in.take(count);
        if (taken.length < count) {
            throw new NotUnderstood(Kind.TRUNCATED);
        }
        return taken;
    }

    private void skip(long count) throws IOException {
        if (!in.skip(count)) {
            throw new NotUnderstood(Kind.TRUNCATED);
        }
    }
}
