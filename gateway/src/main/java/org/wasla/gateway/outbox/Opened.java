package org.wasla.gateway.outbox;

/**
 * A buffer as it was found, made whole and ready to go on. Immutable.
 *
 * @param damage what was found missing and has yet to be told
 * @param setAside how many files were set aside
 */
record Opened(String epoch, Book book, Journal journal, Store store, Tail tail, Loss damage, int setAside) {}
