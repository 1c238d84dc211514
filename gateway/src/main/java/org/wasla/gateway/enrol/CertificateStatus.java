package org.wasla.gateway.enrol;

/**
 * How the box's certificate stands, for health and for people. Immutable.
 *
 * @param state none, fine, due, late, expired, gone, quarantine or revoked
 * @param untilMs UTC, 0 when there is none
 * @param failures how often in a row it could not be renewed
 * @param lastError why, empty when it could
 */
public record CertificateStatus(String state, long untilMs, String words, int failures, String lastError) {
    static final CertificateStatus NONE = new CertificateStatus("none", 0, "", 0, "");
}
