package org.wasla.gateway.frame;

/**
 * A number that a frame says of itself: what stands at index {@code at} plus {@code add}. As the size of a frame it is
 * the count of all its bytes, marks and checks with them, before escaping; inside a frame it is a count or a place.
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

    /** @return the number of the part of the frame that begins at the index, or -1 when it does not stand there whole */
    public long read(Bytes frame, int begin) {
        boolean isThere = begin + at >= 0 && begin + end() <= frame.size();
        return isThere ? read(frame.slice(begin, begin + end()).toArray(), 0) : -1;
    }

    /** The way back, for simulators. */
    public void write(byte[] frame, int begin, long value) {
        if (begin + at >= 0 && begin + end() <= frame.length) {
            form.write(frame, begin + at, value - add);
        }
    }

    void write(byte[] frame) {
        if (end() <= frame.length) {
            form.write(frame, at, frame.length - add);
        }
    }
}
