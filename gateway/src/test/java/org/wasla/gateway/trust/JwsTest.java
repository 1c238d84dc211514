package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwsTest {
    private static final byte[] PAYLOAD = "{\"rev\":7}".getBytes(StandardCharsets.UTF_8);
    private final KeyPair pair = TestKeys.pair();
    private final String text = Jws.sign("tech-1", "wasla-desired+jws", PAYLOAD, pair.getPrivate());

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String refused(String text) {
        return String.valueOf(
                assertThrows(Jws.Unreadable.class, () -> Jws.parse(text)).getMessage());
    }

    @Test
    void whatIsSignedIsReadAgain() throws Exception {
        Jws jws = Jws.parse(text);
        assertEquals("tech-1", jws.keyId());
        assertEquals("wasla-desired+jws", jws.type());
        assertArrayEquals(PAYLOAD, jws.payload());
        assertTrue(jws.isSignedBy(pair.getPublic()));
        assertFalse(jws.isSignedBy(TestKeys.pair().getPublic()));
        assertFalse(jws.isSignedBy(null));
    }

    /** RFC 8037, appendix A.4: not made by us. */
    @Test
    void theExampleOfTheStandardHoldsButForItsHeader() throws Exception {
        // Its header has no kid and no typ, so it is refused; its key is read as it is written there.
        String signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                + "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assertEquals("kid or typ is missing in the header", refused(signed));
        String x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        assertEquals(x, Ed25519.text(Ed25519.key(x).orElseThrow()));
    }

    @Test
    void noChangedCharacterPasses() {
        for (int at = 0; at < text.length(); at++) {
            for (int bit = 0; bit < 7; bit++) {
                char changed = (char) (text.charAt(at) ^ 1 << bit);
                String other = text.substring(0, at) + changed + text.substring(at + 1);
                assertFalse(passes(other), other);
            }
            assertFalse(passes(text.substring(0, at)), "cut at " + at);
        }
        assertFalse(passes(text + "="));
        assertFalse(passes(" " + text));
        assertTrue(passes(text));
    }

    private boolean passes(String other) {
        try {
            return Jws.parse(other).isSignedBy(pair.getPublic());
        } catch (Jws.Unreadable refused) {
            return false;
        }
    }

    @Test
    void otherHeadersAreRefused() {
        String rest = text.substring(text.indexOf('.'));
        assertEquals("alg is not EdDSA", refused(part("{\"alg\":\"none\",\"kid\":\"a\",\"typ\":\"b\"}") + rest));
        assertEquals("alg is not EdDSA", refused(part("{\"alg\":\"HS256\",\"kid\":\"a\",\"typ\":\"b\"}") + rest));
        assertTrue(refused(part("{\"alg\":\"EdDSA\",\"kid\":\"a\",\"typ\":\"b\",\"crit\":[\"b64\"]}") + rest)
                .startsWith("the header has crit"));
        assertTrue(refused(part("{\"alg\":\"EdDSA\",\"alg\":\"none\",\"kid\":\"a\",\"typ\":\"b\"}") + rest)
                .endsWith("says something twice"));
        assertTrue(refused(part("[]") + rest).startsWith("the header is no JSON object"));
        assertTrue(refused("a.b").startsWith("no compact JWS"));
        assertTrue(refused("x".repeat(2_000) + rest).startsWith("the header is longer"));
    }

    /** OpenSSL says the same of the signature. */
    @Test
    void opensslVerifiesIt(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        int dot = text.lastIndexOf('.');
        Path data = Files.writeString(folder.resolve("data"), text.substring(0, dot));
        Path signature =
                Files.write(folder.resolve("signature"), Base64.getUrlDecoder().decode(text.substring(dot + 1)));
        String pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPublic().getEncoded());
        Path key = Files.writeString(
                folder.resolve("key.pem"), "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n");
        Process openssl = new ProcessBuilder(
                        "/usr/bin/openssl",
                        "pkeyutl",
                        "-verify",
                        "-pubin",
                        "-inkey",
                        key.toString(),
                        "-rawin",
                        "-in",
                        data.toString(),
                        "-sigfile",
                        signature.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, openssl.waitFor(), said);
    }
}
