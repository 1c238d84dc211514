package org.wasla.gateway.dicom;

import java.util.List;
import java.util.Set;

/** Unique identifiers that the protocol itself needs, and which of them name something to store. Stateless. */
public final class Uids {
    public static final String APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";
    public static final String VERIFICATION = "1.2.840.10008.1.1";
    public static final String IMPLICIT_LITTLE = "1.2.840.10008.1.2";
    public static final String EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
    public static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    public static final String EXPLICIT_BIG = "1.2.840.10008.1.2.2";

    /** Ours, made from a fixed random UUID (PS3.5 annex B.2). */
    public static final String IMPLEMENTATION = "2.25.270351189316475089246803135740914560207";

    public static final String VERSION = "WASLA_0_1";
    static final int CHARS_MAX = 64;

    /**
     * Standard classes that are services, and that nothing can be stored under. New storage classes appear every year and
     * makers have their own, so what is not named here counts as storage.
     */
    private static final List<String> SERVICES = List.of(
            "1.2.840.10008.1.",
            "1.2.840.10008.3.",
            "1.2.840.10008.4.",
            "1.2.840.10008.5.1.1.",
            "1.2.840.10008.5.1.4.1.2.",
            "1.2.840.10008.5.1.4.31",
            "1.2.840.10008.5.1.4.32",
            "1.2.840.10008.5.1.4.33",
            "1.2.840.10008.5.1.4.34.",
            "1.2.840.10008.5.1.4.37.",
            "1.2.840.10008.5.1.4.38.",
            "1.2.840.10008.5.1.4.39.",
            "1.2.840.10008.5.1.4.41",
            "1.2.840.10008.5.1.4.42",
            "1.2.840.10008.5.1.4.43.",
            "1.2.840.10008.5.1.4.44.",
            "1.2.840.10008.5.1.4.45.");

    /** Storage classes among them. */
    private static final Set<String> STORED = Set.of(
            "1.2.840.10008.5.1.4.34.7",
            "1.2.840.10008.5.1.4.34.10",
            "1.2.840.10008.5.1.4.38.1",
            "1.2.840.10008.5.1.4.39.1",
            "1.2.840.10008.5.1.4.43.1",
            "1.2.840.10008.5.1.4.44.1",
            "1.2.840.10008.5.1.4.45.1");

    private Uids() {}

    /** Whether objects of this class can be stored; classes of makers and ones not known yet can. */
    public static boolean isStorage(String sopClass) {
        return STORED.contains(sopClass) || SERVICES.stream().noneMatch(sopClass::startsWith);
    }

    /** Without the padding: a zero by the standard, spaces from some senders. */
    static String strip(String uid) {
        int end = uid.length();
        while (end > 0 && (uid.charAt(end - 1) == '\0' || uid.charAt(end - 1) == ' ')) {
            end--;
        }
        return uid.substring(0, end);
    }

    /** Whether it may stand for an instance: 1 to 64 visible characters; which ones, senders decide. */
    public static boolean isUsable(String uid) {
        return !uid.isEmpty() && uid.length() <= CHARS_MAX && uid.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }
}
