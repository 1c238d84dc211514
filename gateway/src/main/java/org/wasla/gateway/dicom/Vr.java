package org.wasla.gateway.dicom;

import org.jspecify.annotations.Nullable;

/** The value representations of PS3.5 section 6.2, with what reading and writing them needs. */
public enum Vr {
    AE(Form.LIST),
    AS(Form.LIST),
    AT(Form.BINARY, 4, false),
    CS(Form.LIST),
    DA(Form.LIST),
    DS(Form.LIST),
    DT(Form.LIST),
    FD(Form.BINARY, 8, false),
    FL(Form.BINARY, 4, false),
    IS(Form.LIST),
    LO(Form.LETTERS),
    LT(Form.PROSE),
    OB(Form.BINARY, 1, true),
    OD(Form.BINARY, 1, true),
    OF(Form.BINARY, 1, true),
    OL(Form.BINARY, 1, true),
    OV(Form.BINARY, 1, true),
    OW(Form.BINARY, 1, true),
    PN(Form.LETTERS),
    SH(Form.LETTERS),
    SL(Form.BINARY, 4, false),
    SQ(Form.SEQUENCE, 0, true),
    SS(Form.BINARY, 2, false),
    ST(Form.PROSE),
    SV(Form.BINARY, 8, true),
    TM(Form.LIST),
    UC(Form.LETTERS, 0, true),
    UI(Form.LIST),
    UL(Form.BINARY, 4, false),
    UN(Form.BINARY, 1, true),
    UR(Form.LIST, 0, true),
    US(Form.BINARY, 2, false),
    UT(Form.PROSE, 0, true),
    UV(Form.BINARY, 8, true);

    /** What a value consists of. */
    enum Form {
        /** Texts of the default repertoire, with a backslash between them. */
        LIST,
        /** Texts in the specific character set, with a backslash between them. */
        LETTERS,
        /** One text in the specific character set. */
        PROSE,
        BINARY,
        SEQUENCE
    }

    private final Form form;
    private final int width;
    private final boolean longForm;

    Vr(Form form) {
        this(form, 0, false);
    }

    Vr(Form form, int width, boolean longForm) {
        this.form = form;
        this.width = width;
        this.longForm = longForm;
    }

    Form form() {
        return form;
    }

    boolean isText() {
        return form == Form.LIST || form == Form.LETTERS || form == Form.PROSE;
    }

    /** Whether the value is bytes of which the standard says no more, rather than numbers or tags. */
    boolean isOpaque() {
        return width == 1;
    }

    /** @return bytes of one number or tag; 1 where the value is opaque bytes, 0 where it is text or a sequence */
    int width() {
        return width;
    }

    /** Whether the explicit form has two empty bytes and a length of four, rather than a length of two. */
    boolean hasLongForm() {
        return longForm;
    }

    /** @return the representation with these two letters, or null when the standard has none */
    static @Nullable Vr of(int first, int second) {
        int row = first - 'A';
        int column = second - 'A';
        return row >= 0 && row < LETTERS && column >= 0 && column < LETTERS ? BY_LETTERS[row * LETTERS + column] : null;
    }

    private static final int LETTERS = 26;
    /** Asked for every element of every object. */
    private static final @Nullable Vr[] BY_LETTERS = byLetters();

    private static @Nullable Vr[] byLetters() {
        @Nullable Vr[] all = new Vr[LETTERS * LETTERS];
        for (Vr each : values()) {
            all[(each.name().charAt(0) - 'A') * LETTERS + each.name().charAt(1) - 'A'] = each;
        }
        return all;
    }
}
