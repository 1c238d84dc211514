package org.wasla.gateway.enrol;

import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.wasla.gateway.trust.Renewal;
import org.wasla.gateway.trust.SixWords;

/**
 * Who a box is to the region. Immutable.
 *
 * @param secret the key, born on the box
 * @param chain the box's certificate first, then who vouches for it
 * @param authority the region's CA
 * @param endpoint where certificates are given
 * @param servers the region's brokers, may be empty
 */
public record Identity(
        PrivateKey secret, List<X509Certificate> chain, X509Certificate authority, URI endpoint, List<URI> servers) {
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([a-z0-9-]{1,64})(?:,|$)");
    private static final Pattern QUARANTINE = Pattern.compile("(?:^|,)OU=quarantine(?:,|$)");

    /** Checks that there is a certificate. */
    public Identity {
        chain = List.copyOf(chain);
        servers = List.copyOf(servers);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity has a certificate");
        }
    }

    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** The gateway that the certificate is for, empty when it is for none. */
    public String gateway() {
        return gateway(certificate());
    }

    /** The same of any certificate. */
    public static String gateway(X509Certificate certificate) {
        Matcher name = COMMON_NAME.matcher(subject(certificate));
        return name.find() ? name.group(1) : "";
    }

    /** Whether somebody is still to confirm the box: the certificate says {@code OU=quarantine}. */
    public static boolean isQuarantined(X509Certificate certificate) {
        return QUARANTINE.matcher(subject(certificate)).find();
    }

    private static String subject(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    }

    public Renewal.Life life() {
        return life(certificate());
    }

    /** What a certificate says of its time. */
    public static Renewal.Life life(X509Certificate certificate) {
        return new Renewal.Life(
                certificate.getNotBefore().toInstant().toEpochMilli(),
                certificate.getNotAfter().toInstant().toEpochMilli(),
                isQuarantined(certificate));
    }

    /** The fingerprint of the key. */
    public String words() {
        return SixWords.of(certificate().getPublicKey());
    }

    /** The certificate's number, hexadecimal. */
    public String serial() {
        return certificate().getSerialNumber().toString(16);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Identity[" + gateway() + " " + serial() + "]";
    }
}
