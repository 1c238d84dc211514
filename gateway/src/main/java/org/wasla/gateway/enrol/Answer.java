package org.wasla.gateway.enrol;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;

/** What an endpoint said to a request. Immutable. */
sealed interface Answer {
    /**
     * Certificates, in any order.
     *
     * @param servers the region's brokers, empty when it did not say
     */
    record Issued(List<X509Certificate> certificates, List<URI> servers) implements Answer {
        public Issued {
            certificates = List.copyOf(certificates);
            servers = List.copyOf(servers);
        }
    }

    /** Somebody is to confirm it first (RFC 7030, 4.2.3). */
    record Later(long waitMs) implements Answer {}

    /**
     * No.
     *
     * @param status of HTTP
     * @param why what the endpoint said, one line
     */
    record Refused(int status, String why) implements Answer {}
}
