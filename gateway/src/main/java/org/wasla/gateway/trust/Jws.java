package org.wasla.gateway.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A compact JSON Web Signature with Ed25519 (RFC 7515, RFC 8037). Immutable. One that was only {@link #parse parsed} is
 * believed nothing: {@link #isSignedBy} says whether its bytes are its signer's.
 *
 * <p>Strict beyond the standard, so that one signed text has one form: no padding, no blanks, every header member once,
 * {@code alg} is {@code EdDSA}, {@code kid} and {@code typ} are there, {@code crit} is not.
 */
public final class Jws {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final int HEADER_CHARS_MAX = 1_000;
    private static final int SIGNATURE_BYTES = 64;
    private static final int PARTS = 3;

    private final String keyId;
    private final String type;
    private final String signed;
    private final byte[] payload;
    private final byte[] signature;

    private Jws(String keyId, String type, String signed, byte[] payload, byte[] signature) {
        this.keyId = keyId;
        this.type = type;
        this.signed = signed;
        this.payload = payload;
        this.signature = signature;
    }

    /** The text is no JWS that we take; the message says why and holds nothing of the payload. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String why) {
            super(why);
        }
    }

    /** @param text as it came, at most as long as the caller allows */
    public static Jws parse(String text) throws Unreadable {
        String[] parts = text.split("\\.", -1);
        if (parts.length != PARTS) {
            throw new Unreadable("no compact JWS: it has " + parts.length + " parts; write header.payload.signature");
        }
        if (parts[0].length() > HEADER_CHARS_MAX) {
            throw new Unreadable("the header is longer than " + HEADER_CHARS_MAX + " characters");
        }
        Header header = header(decoded(parts[0], "header"));
        byte[] signature = decoded(parts[2], "signature");
        if (signature.length != SIGNATURE_BYTES) {
            throw new Unreadable("the signature has " + signature.length + " bytes; Ed25519 makes " + SIGNATURE_BYTES);
        }
        String signed = text.substring(0, parts[0].length() + 1 + parts[1].length());
        return new Jws(header.keyId, header.type, signed, decoded(parts[1], "payload"), signature);
    }

    /** What the header says, as far as it matters. */
    private static final class Header {
        private String algorithm = "";
        private String keyId = "";
        private String type = "";
    }

    private static Header header(byte[] bytes) throws Unreadable {
        Header header = new Header();
        try (JsonParser json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new Unreadable("the header is no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                String value = json.nextToken() == JsonToken.VALUE_STRING ? json.getText() : "";
                json.skipChildren();
                switch (name) {
                    case "alg" -> header.algorithm = value;
                    case "kid" -> header.keyId = value;
                    case "typ" -> header.type = value;
                    case "crit" -> throw new Unreadable("the header has crit, and nothing of it is known here");
                    default -> {
                        // A member that we do not know changes nothing: RFC 7515, 4.
                    }
                }
            }
            if (json.nextToken() != null) {
                throw new Unreadable("the header is more than one JSON object");
            }
        } catch (IOException noJson) {
            throw new Unreadable("the header is no JSON, or says something twice");
        }
        if (!header.algorithm.equals("EdDSA")) {
            throw new Unreadable("alg is not EdDSA");
        }
        if (header.keyId.isEmpty() || header.type.isEmpty()) {
            throw new Unreadable("kid or typ is missing in the header");
        }
        return header;
    }

    private static byte[] decoded(String part, String what) throws Unreadable {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (ENCODER.encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException noBase64) {
            // told below
        }
        throw new Unreadable("the " + what + " is no base64url without padding");
    }

    /** Signs the payload as it stands; no byte of it is changed. */
    public static String sign(String keyId, String type, byte[] payload, PrivateKey key) {
        String header = "{\"alg\":\"EdDSA\",\"kid\":\"" + plain(keyId) + "\",\"typ\":\"" + plain(type) + "\"}";
        String signed =
                ENCODER.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "." + ENCODER.encodeToString(payload);
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(key);
            ed25519.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + ENCODER.encodeToString(ed25519.sign());
        } catch (GeneralSecurityException noKeyForIt) {
            throw new IllegalArgumentException("the key cannot sign with Ed25519", noKeyForIt);
        }
    }

    private static String plain(String text) {
        if (!text.matches("[A-Za-z0-9._:+/-]+")) {
            throw new IllegalArgumentException("letters, digits and . _ : + / - only: " + text);
        }
        return text;
    }

    /** Which key is said to have signed; unverified. */
    public String keyId() {
        return keyId;
    }

    /** What kind of statement it is; unverified. */
    public String type() {
        return type;
    }

    /** A copy of the bytes that were signed. */
    public byte[] payload() {
        return payload.clone();
    }

    /** @param key null for a key that nobody knows: never */
    public boolean isSignedBy(@Nullable PublicKey key) {
        if (key == null) {
            return false;
        }
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(signed.getBytes(StandardCharsets.US_ASCII));
            return ed25519.verify(signature);
        } catch (GeneralSecurityException noSignature) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "Jws[" + type + " by " + keyId + "]";
    }
}
