package org.wasla.gateway.trust;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;

/** Keys and lists of keys for tests. */
public final class TestKeys {
    private TestKeys() {}

    public static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** One entry of a list of keys. */
    public static String entry(String id, KeyPair pair, String who, String roles) {
        return "{\"kid\":\"" + id + "\",\"x\":\"" + Ed25519.text(pair.getPublic()) + "\",\"who\":\"" + who
                + "\",\"roles\":[" + roles + "],\"nbf\":1000,\"exp\":9000}";
    }

    /** A list as a root signs it; it expires at 8000 s. */
    public static String list(KeyPair root, long revision, String... entries) {
        String payload = "{\"v\":1,\"rev\":" + revision + ",\"exp\":8000,\"keys\":[" + String.join(",", entries) + "]}";
        return Jws.sign("root", Keyring.TYPE, payload.getBytes(StandardCharsets.UTF_8), root.getPrivate());
    }
}
