package org.wasla.gateway.trust;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Certificates of any time, made in memory. One thread. */
public final class TestCertificates {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] VERSION_3 = {(byte) 0xa0, 3, 2, 1, 2};
    private static final byte[] TRUE = {1, 1, (byte) 0xff};
    private static long last = 1;

    private final KeyPair key = CertificateRequest.freshKey();
    private final X509Certificate own;

    /** A CA for a hundred years around 2026. */
    public TestCertificates(String name) throws GeneralSecurityException {
        byte[] isCa = extension("2.5.29.19", Der.of(Der.SEQUENCE, TRUE));
        own = make(
                name(name, false),
                name(name, false),
                key,
                at("1976-01-01T00:00:00Z"),
                at("2076-01-01T00:00:00Z"),
                isCa);
    }

    public static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    public X509Certificate own() {
        return own;
    }

    /** For a host. */
    public X509Certificate server(KeyPair of, String host, long fromMs, long untilMs) throws GeneralSecurityException {
        byte[] dns = Der.of(0x82, host.getBytes(StandardCharsets.US_ASCII));
        return make(
                own.getSubjectX500Principal().getEncoded(),
                name(host, false),
                of,
                fromMs,
                untilMs,
                extension("2.5.29.17", Der.of(Der.SEQUENCE, dns)));
    }

    /** For a gateway. */
    public X509Certificate gateway(KeyPair of, String id, boolean quarantined, long fromMs, long untilMs)
            throws GeneralSecurityException {
        byte[] uri = Der.text(Der.CONTEXT_6, CertificateRequest.uri("chu", id));
        return make(
                own.getSubjectX500Principal().getEncoded(),
                name(id, quarantined),
                of,
                fromMs,
                untilMs,
                extension("2.5.29.17", Der.of(Der.SEQUENCE, uri)));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.of(Der.SEQUENCE, Der.oid(oid), Der.of(Der.OCTET_STRING, value));
    }

    private static byte[] name(String common, boolean quarantined) {
        byte[] cn = attribute("2.5.4.3", common);
        return quarantined ? Der.of(Der.SEQUENCE, attribute("2.5.4.11", "quarantine"), cn) : Der.of(Der.SEQUENCE, cn);
    }

    private static byte[] attribute(String oid, String text) {
        return Der.of(Der.SET, Der.of(Der.SEQUENCE, Der.oid(oid), Der.text(Der.UTF8_STRING, text)));
    }

    private X509Certificate make(byte[] issuer, byte[] subject, KeyPair of, long fromMs, long untilMs, byte[] extension)
            throws GeneralSecurityException {
        last++;
        byte[] algorithm = Der.of(Der.SEQUENCE, Der.oid("1.2.840.10045.4.3.2"));
        byte[] info = Der.of(
                Der.SEQUENCE,
                VERSION_3,
                Der.of(2, BigInteger.valueOf(last).toByteArray()),
                algorithm,
                issuer,
                Der.of(Der.SEQUENCE, time(fromMs), time(untilMs)),
                subject,
                of.getPublic().getEncoded(),
                Der.of(0xa3, Der.of(Der.SEQUENCE, extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(info);
        byte[] whole = Der.of(Der.SEQUENCE, info, algorithm, Der.bits(signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] time(long ms) {
        return Der.text(0x18, TIME.format(Instant.ofEpochMilli(ms)));
    }
}
