package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemKeyTest {
    @TempDir
    Path folder;

    /** The key of OpenSSL signs what OpenSSL's public half says is right. */
    @Test
    void readsWhatOpenSslWrites() throws Exception {
        Path key = folder.resolve("key.pem");
        Path open = folder.resolve("open.der");
        openssl("genpkey", "-algorithm", "ed25519", "-out", key.toString());
        openssl("pkey", "-in", key.toString(), "-pubout", "-outform", "DER", "-out", open.toString());
        PrivateKey secret = PemKey.read(key).orElseThrow();
        byte[] der = Files.readAllBytes(open);
        String raw = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(java.util.Arrays.copyOfRange(der, der.length - 32, der.length));
        Jws jws = Jws.parse(Jws.sign("k-1", "t", new byte[] {1}, secret));
        assertTrue(jws.isSignedBy(Ed25519.key(raw).orElseThrow()));
    }

    @Test
    void anythingElseIsNoKey() throws Exception {
        Path ec = folder.resolve("ec.pem");
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", ec.toString());
        assertEquals(Optional.empty(), PemKey.read(ec));
        for (String text : List.of("", "x", "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----\n")) {
            assertEquals(Optional.empty(), PemKey.read(Files.writeString(folder.resolve("k"), text)));
        }
    }

    private static void openssl(String... args) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }
}
