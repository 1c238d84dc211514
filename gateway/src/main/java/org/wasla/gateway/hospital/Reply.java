package org.wasla.gateway.hospital;

/**
 * What became of a message. Immutable.
 *
 * @param reason a class such as {@code AE-101}; never words of the receiver, which may repeat what was sent
 */
record Reply(Kind kind, String reason) {
    enum Kind {
        /** AA or CA: the receiver has it. */
        TAKEN,
        /** AE, AR, CE or CR: sending it again would change nothing. */
        REFUSED,
        /** It had the message and did not answer to it, or says that it is itself in trouble. */
        UNANSWERED,
        /** There is no connection: this says nothing of the message. */
        UNREACHABLE
    }

    static final Reply TAKEN = new Reply(Kind.TAKEN, "");
}
