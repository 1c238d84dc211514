package org.wasla.gateway.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The JDK's own checks of a certificate's path (RFC 5280, 6), at a time that a {@link TlsClock} gives. Where the clock is not
 * confirmed it may be behind: then "not yet valid" says nothing of a certificate, but "expired" at the latest time that
 * is known to have been does. Thread-safe.
 */
public final class ClockedTrust extends X509ExtendedTrustManager {
    private final Anchors anchors;
    private final TlsClock clock;

    /** Whom a path may begin with. */
    private interface Anchors {
        Set<TrustAnchor> of(X509Certificate[] chain) throws CertificateException;
    }

    private ClockedTrust(Anchors anchors, TlsClock clock) {
        this.anchors = anchors;
        this.clock = clock;
    }

    /** Trusts what these authorities vouch for. */
    public static ClockedTrust of(Iterable<X509Certificate> authorities, TlsClock clock) {
        Set<TrustAnchor> all = new HashSet<>();
        authorities.forEach(each -> all.add(new TrustAnchor(each, null)));
        return new ClockedTrust(chain -> all, clock);
    }

    /** Trusts what one authority vouches for, which is part of the chain and known by its fingerprint alone. */
    public static ClockedTrust pinned(String sha256, TlsClock clock) {
        return new ClockedTrust(chain -> Set.of(new TrustAnchor(pinned(chain, sha256), null)), clock);
    }

    /** The certificate of the chain that has this fingerprint. */
    public static X509Certificate pinned(X509Certificate[] chain, String sha256) throws CertificateException {
        for (X509Certificate each : chain) {
            if (sha256(each).equals(sha256)) {
                return each;
            }
        }
        throw new CertificateException("no certificate of the chain has the fingerprint " + sha256);
    }

    /** SHA-256 of a certificate, 64 hex digits. */
    public static String sha256(X509Certificate certificate) throws CertificateException {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException broken) {
            throw new CertificateException(broken);
        }
    }

    private X509ExtendedTrustManager at(X509Certificate[] chain) throws CertificateException {
        long nowMs = clock.nowMs();
        if (!clock.isConfirmed()) {
            for (X509Certificate each : chain) {
                nowMs = Math.max(nowMs, each.getNotBefore().toInstant().toEpochMilli());
            }
        }
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors.of(chain), null);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(Instant.ofEpochMilli(nowMs)));
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager own) {
                    return own;
                }
            }
            throw new CertificateException("this JDK has no trust manager for X.509");
        } catch (CertificateException known) {
            throw known;
        } catch (GeneralSecurityException noAuthority) {
            throw new CertificateException(noAuthority.getMessage(), noAuthority);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        at(chain).checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        at(chain).checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        at(chain).checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        at(chain).checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        at(chain).checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        at(chain).checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        try {
            return anchors.of(new X509Certificate[0]).stream()
                    .map(TrustAnchor::getTrustedCert)
                    .toArray(X509Certificate[]::new);
        } catch (CertificateException pinned) {
            return new X509Certificate[0];
        }
    }
}
