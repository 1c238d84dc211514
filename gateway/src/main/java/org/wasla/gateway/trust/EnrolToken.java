package org.wasla.gateway.trust;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a region gives an installer, so that a box can ask for its certificate: one line of about 170 characters, for a QR
 * code, a stick or a keyboard. Immutable.
 *
 * <pre>
 * wasla1,gw-7f3a9c21,chu-ibnrochd,https://enrol.example:8443,SECRET,PIN,EXPIRY,CHECK
 * SECRET  16 random bytes, good for one use; PIN  SHA-256 of the region's CA certificate; both in base32
 * EXPIRY  seconds of UTC; CHECK  the first 30 bits of the SHA-256 of all before, so that a typing mistake is told
 * </pre>
 *
 * @param endpoint https, host and port
 * @param secret 26 characters
 * @param pin 64 hex digits
 * @param expiresS UTC
 */
public record EnrolToken(String gateway, String site, URI endpoint, String secret, String pin, long expiresS) {
    private static final String FIRST = "wasla1";
    private static final int FIELDS = 8;
    private static final int SECRET_BYTES = 16;
    private static final int PIN_BYTES = 32;
    private static final int CHECK_CHARS = 6;
    private static final Pattern LEVEL = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");
    private static final String AGAIN = "; type or scan it again, or ask the region for another";

    /** Checks names and endpoint. */
    public EnrolToken {
        if (!LEVEL.matcher(gateway).matches() || !LEVEL.matcher(site).matches()) {
            throw new IllegalArgumentException("gateway and site are 1 to 64 small letters, digits and dashes");
        }
        if (!isEndpoint(endpoint)) {
            throw new IllegalArgumentException("the endpoint is https://HOST:PORT, not " + endpoint);
        }
    }

    /** Whether it is {@code https://host} or {@code https://host:port}, and no more. */
    public static boolean isEndpoint(URI uri) {
        String path = uri.getPath();
        return "https".equals(uri.getScheme())
                && uri.getHost() != null
                && uri.getUserInfo() == null
                && uri.getQuery() == null
                && (path == null || path.isEmpty());
    }

    /** A secret that nobody has guessed yet. */
    public static String freshSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base32.of(bytes);
    }

    /** The line. It holds the secret: for the installer alone. */
    public String text() {
        String pinText = Base32.of(HexFormat.of().parseHex(pin));
        String open =
                String.join(",", FIRST, gateway, site, endpoint.toString(), secret, pinText, String.valueOf(expiresS));
        return open + "," + check(open);
    }

    private static String check(String open) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(open.getBytes(StandardCharsets.UTF_8));
            return Base32.of(Arrays.copyOf(hash, 4)).substring(0, CHECK_CHARS);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Reads a line as it was typed, in any case, with blanks and line breaks anywhere. */
    public static EnrolToken read(String typed) throws TokenException {
        String text = typed.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
        List<String> fields = List.of(text.split(",", -1));
        if (!text.startsWith(FIRST)) {
            throw new TokenException("this is no token: it does not begin with " + FIRST + AGAIN);
        }
        if (fields.size() != FIELDS) {
            throw new TokenException(
                    "the token has " + fields.size() + " parts between its commas and should have " + FIELDS + AGAIN);
        }
        String secret = Base32.tidy(fields.get(4));
        String pin = Base32.tidy(fields.get(5));
        String open = String.join(
                ",", fields.get(0), fields.get(1), fields.get(2), fields.get(3), secret, pin, fields.get(6));
        if (!check(open).equals(Base32.tidy(fields.get(7)))) {
            throw new TokenException("a character of the token is wrong" + AGAIN);
        }
        byte[] pinBytes = Base32.read(pin, PIN_BYTES).orElseThrow(() -> damaged("pin"));
        if (Base32.read(secret, SECRET_BYTES).isEmpty()) {
            throw damaged("secret");
        }
        if (!SECONDS.matcher(fields.get(6)).matches()) {
            throw damaged("expiry");
        }
        try {
            return new EnrolToken(
                    fields.get(1),
                    fields.get(2),
                    URI.create(fields.get(3)),
                    secret,
                    HexFormat.of().formatHex(pinBytes),
                    Long.parseLong(fields.get(6)));
        } catch (IllegalArgumentException wrong) {
            throw new TokenException("the token is whole and its contents are none: " + wrong.getMessage());
        }
    }

    private static TokenException damaged(String part) {
        return new TokenException("the " + part + " of the token is none" + AGAIN);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "EnrolToken[" + gateway + " at " + endpoint + "]";
    }
}
