package org.wasla.gateway.hl7;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.wasla.gateway.frame.Bytes;

/** Writes a message segment by segment, field by field. Texts are escaped; segments end in CR. One thread. */
public final class Er7Writer {
    private final Er7Delimiters marks;
    private final Charset charset;
    private final StringBuilder text = new StringBuilder();

    /** @param marks at least the one between fields is there */
    public Er7Writer(Er7Delimiters marks, Charset charset) {
        this.marks = marks;
        this.charset = charset;
    }

    /** With the usual delimiters, in UTF-8. */
    public Er7Writer() {
        this(Er7Delimiters.USUAL, StandardCharsets.UTF_8);
    }

    /** Begins a segment. A header has its first two fields already: what follows is the third. */
    public Er7Writer segment(String name) {
        if (text.length() > 0) {
            text.append('\r');
        }
        text.append(name);
        if (name.equals("MSH")) {
            text.append(marks.field()).append(marks.encoding());
        }
        return this;
    }

    /** The next field, of one or more components; none: an empty field. */
    public Er7Writer field(String... components) {
        text.append(marks.field());
        for (int i = 0; i < components.length; i++) {
            if (i > 0) {
                text.append(marks.component() == Er7Delimiters.NONE ? ' ' : marks.component());
            }
            text.append(Er7Escape.write(components[i], marks));
        }
        return this;
    }

    /** So many empty fields. */
    public Er7Writer skip(int fields) {
        text.append(String.valueOf(marks.field()).repeat(fields));
        return this;
    }

    /** The next field as another message of the same delimiters has it. */
    public Er7Writer raw(String field) {
        text.append(marks.field()).append(field);
        return this;
    }

    /** @return the message, without a frame; what the character set cannot say is a question mark */
    public Bytes bytes() {
        return Bytes.of((text + "\r").getBytes(charset));
    }

    /** @return the message in an MLLP frame */
    public Bytes framed() {
        return Bytes.of(('\u000b' + text.toString() + "\r\u001c\r").getBytes(charset));
    }
}
