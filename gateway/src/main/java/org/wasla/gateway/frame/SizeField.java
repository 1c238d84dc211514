package org.wasla.gateway.frame;

/**
 * Where a frame says how long it is: the number at index {@code at} plus {@code add} is the count of all its bytes,
 * marks and checks with them, before escaping.
 */
public record SizeField(int at, NumberForm form, int add) {
    /** @return the index behind the field */
    int end() {
        return at + form.width();
    }

    /** @return the bytes of the frame that begins at the index, or -1 when the field is no number */
    long read(byte[] buffer, int begin) {
        long declared = form.read(buffer, begin + at);
        return declared < 0 ? -1 : Math.max(-1, declared + add);
    }

    void write(byte[] frame) {
        if (end() <= frame.length) {
            form.write(frame, at, frame.length - add);
        }
    }
}
