package org.wasla.gateway.outbox;

/** Makes the record that tells of lost numbers; called on threads of the outbox, must not block. */
@FunctionalInterface
public interface GapEvents {

    /** Why numbers are missing, in the words of the contract. */
    String QUOTA = "quota";

    String DAMAGE = "damage";
    String OVERRUN = "overrun";
    String REFUSED = "refused";

    /** @param from the first missing number of the stream, {@code to} the last */
    Draft gap(String device, String kind, long from, long to, String why);
}
