package org.wasla.gateway.codec;

/**
 * What an analyser asks: which tests are ordered (a Q record; LIS02-A2 12). Immutable.
 *
 * @param range the specimen or range asked for as sent, components apart by {@code ^}: it may be copied into the
 *     answer
 * @param specimen the specimen in it: its first component that is not empty
 * @param tests which tests, or {@code ALL}
 */
public record AstmQuery(String range, String specimen, String tests) {}
