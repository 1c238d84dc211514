package org.wasla.gateway.outbox;

/**
 * Something that is not as it was written. Immutable; never holds anything of a record but its stream and number.
 *
 * @param file its name below the buffer's directory, or "buffer" when no file is to blame
 * @param what what is wrong, in words and numbers
 * @param remedy what to do
 */
public record Finding(String file, String what, String remedy) {}
