package org.wasla.gateway.page;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import org.wasla.gateway.files.Durable;

/**
 * The certificate that the page shows, with its key. One that the box makes by itself is signed by nobody else: whoever
 * comes first compares six hex digits with those that the box tells. RFC 5280, P-256 and ECDSA. Immutable.
 */
final class OwnCertificate {
    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String ALT_NAME = "2.5.29.17";
    private static final String BASIC = "2.5.29.19";
    /** The largest date: the box may have no clock when it makes it (RFC 5280, 4.1.2.5). */
    private static final String FOR_EVER = "99991231235959Z";

    private static final String FROM = "20250101000000Z";
    private static final String ALIAS = "page";
    private static final int SHOWN_DIGITS = 6;
    private final KeyStore keys;
    private final char[] password;

    private OwnCertificate(KeyStore keys, char[] password) {
        this.keys = keys;
        this.password = password.clone();
    }

    /** @param name of the box, in a certificate that is made here */
    static OwnCertificate open(PageSettings.Tls tls, String name, String host) throws IOException {
        Path secret = tls.file().resolveSibling(tls.file().getFileName() + ".pass");
        try {
            if (tls.isOurs() && !Files.exists(tls.file())) {
                make(tls.file(), secret, name, host);
            }
            char[] password = Files.readString(secret).strip().toCharArray();
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(tls.file())) {
                keys.load(in, password);
            }
            return new OwnCertificate(keys, password);
        } catch (GeneralSecurityException unusable) {
            throw new IOException("the page's certificate " + tls.file() + " cannot be used: " + unusable.getMessage());
        }
    }

    private static void make(Path file, Path secret, String name, String host)
            throws IOException, GeneralSecurityException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        char[] password = Base64.getUrlEncoder().encodeToString(random).toCharArray();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, password);
        keys.setKeyEntry(ALIAS, pair.getPrivate(), password, new Certificate[] {signed(pair, name, host)});
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        keys.store(out, password);
        Durable.writeOwned(secret, (new String(password) + "\n").getBytes(StandardCharsets.US_ASCII));
        Durable.writeOwned(file, out.toByteArray());
    }

    private static Certificate signed(KeyPair pair, String name, String host)
            throws IOException, GeneralSecurityException {
        byte[] algorithm = Der.sequence(Der.object(ECDSA_SHA256));
        byte[] who = Der.sequence(Der.set(Der.sequence(Der.object(COMMON_NAME), Der.text(name))));
        byte[] basic = Der.sequence(Der.object(BASIC), Der.truth(), Der.octets(Der.sequence()));
        byte[] names = Der.sequence(Der.object(ALT_NAME), Der.octets(Der.sequence(names(name, host))));
        byte[] body = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(120, new SecureRandom()).setBit(120)),
                algorithm,
                who,
                Der.sequence(Der.time(FROM), Der.time(FOR_EVER)),
                who,
                pair.getPublic().getEncoded(),
                Der.explicit(3, Der.sequence(basic, names)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] whole = Der.sequence(body, algorithm, Der.bits(signature.sign()));
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[][] names(String name, String host) throws IOException {
        byte[] dns = Der.implicit(2, name.getBytes(StandardCharsets.US_ASCII));
        InetAddress address = InetAddress.getByName(host);
        return address.isAnyLocalAddress()
                ? new byte[][] {dns}
                : new byte[][] {dns, Der.implicit(7, address.getAddress())};
    }

    KeyStore keys() {
        return keys;
    }

    char[] password() {
        return password.clone();
    }

    /** First six hex digits of the SHA-256 of the certificate, as browsers show it. */
    String fingerprint() throws IOException {
        return sha256().substring(0, SHOWN_DIGITS);
    }

    /** Of a certificate that is there already; empty when there is none yet. */
    static String sha256(PageSettings.Tls tls) throws IOException {
        return Files.exists(tls.file()) ? open(tls, "", "").sha256() : "";
    }

    private String sha256() throws IOException {
        try {
            String alias = keys.aliases().nextElement();
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(keys.getCertificate(alias).getEncoded());
            return HexFormat.of().withUpperCase().formatHex(hash);
        } catch (GeneralSecurityException unusable) {
            throw new IOException("the page's certificate cannot be read: " + unusable.getMessage());
        }
    }
}
