package org.wasla.gateway.trust;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.regex.Pattern;

/**
 * A request for a certificate, PKCS #10 (RFC 2986), for a key on P-256: subject {@code CN=<gateway>}, and the gateway as a
 * URI in subjectAltName. Stateless.
 */
public final class CertificateRequest {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final byte[] VERSION_1 = {2, 1, 0};
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
    private static final String SUBJECT_ALT_NAME = "2.5.29.17";
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

    private CertificateRequest() {}

    /** A fresh key on P-256. */
    public static KeyPair freshKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The name of a gateway in its certificate. */
    public static String uri(String site, String gateway) {
        return "urn:wasla:gw:" + site + ":" + gateway;
    }

    /**
     * The request in DER, signed by the key that it is for.
     *
     * @param open the key's public half as X.509 has it
     * @param gateway 1 to 64 letters, digits and dashes
     */
    public static byte[] of(byte[] open, PrivateKey secret, String site, String gateway) {
        if (!NAME.matcher(gateway).matches() || !NAME.matcher(site).matches()) {
            throw new IllegalArgumentException("no name of a gateway and its site: " + gateway + ", " + site);
        }
        byte[] name = Der.of(
                Der.SEQUENCE,
                Der.of(Der.SET, Der.of(Der.SEQUENCE, Der.oid(COMMON_NAME), Der.text(Der.UTF8_STRING, gateway))));
        byte[] altName = Der.of(Der.SEQUENCE, Der.text(Der.CONTEXT_6, uri(site, gateway)));
        byte[] extensions = Der.of(
                Der.SEQUENCE, Der.of(Der.SEQUENCE, Der.oid(SUBJECT_ALT_NAME), Der.of(Der.OCTET_STRING, altName)));
        byte[] attribute = Der.of(Der.SEQUENCE, Der.oid(EXTENSION_REQUEST), Der.of(Der.SET, extensions));
        byte[] info = Der.of(Der.SEQUENCE, VERSION_1, name, open, Der.of(Der.CONTEXT_0, attribute));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(secret);
            signature.update(info);
            return Der.of(
                    Der.SEQUENCE, info, Der.of(Der.SEQUENCE, Der.oid(ECDSA_WITH_SHA256)), Der.bits(signature.sign()));
        } catch (GeneralSecurityException noSuchKey) {
            throw new IllegalArgumentException("the key is none on P-256", noSuchKey);
        }
    }
}
