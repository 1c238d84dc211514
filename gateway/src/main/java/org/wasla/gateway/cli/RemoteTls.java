package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.Map;

/** Says why a broker and a technician do not agree on TLS, in words that say what to do. Stateless. */
final class RemoteTls {
    private static final String OTHER_NAME =
            "the broker's certificate does not name this host; write the name that it bears";
    private static final String NO_CERTIFICATE = "the broker wants a certificate of ours; write --cert FILE.p12";
    private static final String NOT_TAKEN = "the broker does not take the certificate of --cert; get one of the region";

    /** What the JDK, or the broker's alert (RFC 8446, 6), says, and what it means here. */
    private static final Map<String, String> MEANS = Map.ofEntries(
            Map.entry(
                    "PKIX path", "the broker's certificate is not from the authority of --ca; take the region's file"),
            Map.entry("No subject alternative", OTHER_NAME),
            Map.entry("No name matching", OTHER_NAME),
            Map.entry("certificate_required", NO_CERTIFICATE),
            Map.entry("bad_certificate", NOT_TAKEN),
            Map.entry("certificate_unknown", NOT_TAKEN),
            Map.entry("unknown_ca", NOT_TAKEN),
            Map.entry("certificate_expired", "the certificate of --cert has expired; get a new one"),
            Map.entry("certificate_revoked", "the certificate of --cert is revoked; get a new one"),
            Map.entry("protocol_version", "the broker speaks no TLS 1.3; it must"),
            Map.entry("uplink.ca or uplink.key", "--ca or --cert cannot be read"));

    private RemoteTls() {}

    /** @param shows whether we have a certificate to show */
    static String told(IOException failed, boolean isTls, boolean shows) {
        String said = String.valueOf(failed.getMessage());
        for (Map.Entry<String, String> each : MEANS.entrySet()) {
            if (isTls && said.contains(each.getKey())) {
                return "wasla: " + each.getValue() + " (" + said + ")";
            }
        }
        // With TLS 1.3 a broker refuses after the handshake, and what we say meanwhile may cross its alert.
        boolean isCut = said.contains("Broken pipe") || said.contains("Connection reset");
        return "wasla: "
                + (isTls && isCut ? "most likely " + (shows ? NOT_TAKEN : NO_CERTIFICATE) + " (" + said + ")" : said);
    }
}
