package org.wasla.gateway.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What happens to an element of a data set that must not say whose it is: the Basic Application Level Confidentiality
 * Profile (PS3.15 annex E), the table {@code deidentify.tsv}, and for what it does not name more than it asks: private
 * elements, unknown ones, texts, names and dates are removed. Stateless.
 */
final class DeidentifyRules {
    private static final Pattern CODE = Pattern.compile("[A-Z0-9 _\\\\]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9+\\-.eE \\\\]*");
    private static final Map<Integer, Row> ROWS = load();

    private DeidentifyRules() {}

    /** What happens to an element. */
    enum Action {
        REMOVE,
        EMPTY,
        /** A value that says nothing; of a sequence its items, with nothing of theirs that is text. */
        DUMMY,
        /** Each UID that is not the standard's own becomes another. */
        UID,
        /** As it is; of a sequence its items, each element by its own rule. */
        KEEP
    }

    private record Row(Vr vr, Action action) {}

    /** All that the table names, in order. */
    static List<Integer> tags() {
        return ROWS.keySet().stream().sorted().toList();
    }

    /** The representation, also of what the dictionary does not know. */
    static Vr vr(int tag, Vr sent) {
        Row row = ROWS.get(tag);
        return sent == Vr.UN && row != null ? row.vr() : sent;
    }

    /** @param strict whether it stands in a sequence that is told for nobody's sake: no text of it stays then */
    static Action action(int tag, Vr vr, boolean strict) {
        int plane = tag >>> 24;
        if (Tags.isPrivate(tag) || Tags.element(tag) == 0 || Tags.group(tag) <= 2 || plane == 0x50 || plane == 0x60) {
            return Action.REMOVE;
        }
        Row row = ROWS.get(tag);
        if (row == null) {
            return unlisted(tag, vr);
        }
        if (vr == Vr.UN) {
            return Action.REMOVE;
        }
        if (vr == Vr.UI && row.action() == Action.DUMMY) {
            return Action.UID;
        }
        return row.action() == Action.KEEP && strict ? Action.DUMMY : row.action();
    }

    private static Action unlisted(int tag, Vr vr) {
        return switch (vr) {
            case UI -> Action.UID;
            case SQ, AT, CS, DS, IS, FD, FL, SL, SS, SV, UL, US, UV -> Action.KEEP;
            case OB, OD, OF, OL, OV, OW -> Tags.keyword(tag) == null ? Action.REMOVE : Action.KEEP;
            default -> Action.REMOVE;
        };
    }

    /** Whether a value is of the characters that its representation allows; where it is not, a person may have typed it. */
    static boolean isPlain(Vr vr, String value) {
        return switch (vr) {
            case CS -> CODE.matcher(value).matches();
            case DS, IS -> NUMBER.matcher(value).matches();
            default -> true;
        };
    }

    /** Whether {@link #isPlain} must be asked. */
    static boolean isChecked(Vr vr) {
        return vr == Vr.CS || vr == Vr.DS || vr == Vr.IS;
    }

    /** A value of this representation that says nothing, in even length. */
    static byte[] dummy(Vr vr, int bytes) {
        String text = switch (vr) {
            case DA -> "19000101";
            case TM -> "000000";
            case DT -> "19000101000000";
            case AS -> "000Y";
            case DS, IS -> "0 ";
            case AE, CS, LO, LT, PN, SH, ST, UC, UR, UT -> "REMOVED ";
            default -> "";
        };
        return vr.isText() ? text.getBytes(StandardCharsets.US_ASCII) : new byte[Math.max(2, bytes)];
    }

    private static Map<Integer, Row> load() {
        Map<Integer, Row> rows = new HashMap<>();
        try (InputStream table = Objects.requireNonNull(Tags.class.getResourceAsStream("deidentify.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.US_ASCII))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] columns = line.split("\t", 3);
                rows.put(HexFormat.fromHexDigits(columns[0]), new Row(Vr.valueOf(columns[1]), action(columns[2])));
            });
            return rows;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static Action action(String letter) {
        return switch (letter) {
            case "X" -> Action.REMOVE;
            case "Z" -> Action.EMPTY;
            case "D" -> Action.DUMMY;
            case "U" -> Action.UID;
            case "K" -> Action.KEEP;
            default -> throw new IllegalStateException("deidentify.tsv has the action " + letter);
        };
    }
}
