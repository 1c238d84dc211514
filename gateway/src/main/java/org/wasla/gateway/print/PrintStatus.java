package org.wasla.gateway.print;

/** What print management answers beside what all services do (PS3.7 annex C, PS3.4 H.4). */
public final class PrintStatus {
    public static final int SUCCESS = 0x0000;
    /** The picture cannot be held. */
    public static final int NO_ROOM_FOR_IMAGE = 0xc605;

    static final int INVALID_VALUE = 0x0106;
    public static final int PROCESSING_FAILURE = 0x0110;
    static final int DUPLICATE = 0x0111;
    public static final int NO_SUCH_INSTANCE = 0x0112;
    static final int INVALID_INSTANCE = 0x0117;
    static final int MISSING_ATTRIBUTE = 0x0120;
    static final int CLASS_NOT_SUPPORTED = 0x0122;
    static final int NO_SUCH_ACTION = 0x0123;
    static final int UNRECOGNISED_OPERATION = 0x0211;
    /** More than is held of one association. */
    public static final int LIMIT = 0x0213;

    static final int SESSION_IS_EMPTY = 0xb602;
    static final int FILM_IS_EMPTY = 0xb603;
    static final int SESSION_HAS_NO_FILM = 0xc600;
    /** The films of the session cannot be stored. */
    static final int SESSION_NOT_PRINTED = 0xc601;
    /** The film cannot be stored. */
    static final int FILM_NOT_PRINTED = 0xc602;

    private PrintStatus() {}
}
