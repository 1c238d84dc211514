package org.wasla.gateway.print;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The classes of print management that are served (PS3.4 annex H). Immutable. */
public enum PrintClass {
    FILM_SESSION("1.2.840.10008.5.1.1.1"),
    FILM_BOX("1.2.840.10008.5.1.1.2"),
    IMAGE_BOX("1.2.840.10008.5.1.1.4"),
    ANNOTATION_BOX("1.2.840.10008.5.1.1.15"),
    PRINTER("1.2.840.10008.5.1.1.16"),
    LOOKUP_TABLE("1.2.840.10008.5.1.1.23");

    /** What callers propose: grayscale management, and what stands beside it. */
    public static final Set<String> NEGOTIATED =
            Set.of("1.2.840.10008.5.1.1.9", PRINTER.uid, ANNOTATION_BOX.uid, LOOKUP_TABLE.uid);
    /** Colour management, which is refused. */
    public static final String COLOUR = "1.2.840.10008.5.1.1.18";
    /** The one printer that there is. */
    static final String PRINTER_INSTANCE = "1.2.840.10008.5.1.1.17";

    private final String uid;

    PrintClass(String uid) {
        this.uid = uid;
    }

    public String uid() {
        return uid;
    }

    /** Null when it is none of these. */
    public static @Nullable PrintClass of(String uid) {
        for (PrintClass each : values()) {
            if (each.uid.equals(uid)) {
                return each;
            }
        }
        return null;
    }
}
