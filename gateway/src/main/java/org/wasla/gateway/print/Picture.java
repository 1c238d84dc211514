package org.wasla.gateway.print;

/**
 * A picture that is to be stored as a secondary capture in explicit little endian: {@link PrintSession#head} gives the data
 * set up to the first pixel, the caller holds the pixels. Immutable.
 *
 * @param box instance of the image box that the pixels were sent to
 * @param uid instance to be stored
 * @param at where the pixels begin in what was sent to the box, bytes
 * @param length bytes of the pixels; where it is odd a zero follows them
 */
public record Picture(String box, String uid, long at, long length) {
    /** Secondary Capture Image Storage. */
    public static final String SOP_CLASS = "1.2.840.10008.5.1.4.1.1.7";
}
