package org.wasla.gateway.orders;

/** What happens to the orders. */
public sealed interface Change {
    /** It is ordered; what was ordered under its id before is not any more. */
    record Put(Order order) implements Change {}

    /** It is not ordered any more, or never was. */
    record Cancel(String id) implements Change {}

    /** A device has taken it: it is not sent there unasked again. */
    record Taken(String id, String device) implements Change {}
}
