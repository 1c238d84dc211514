package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our DER, judged by OpenSSL: a region's CA will be another program. */
class CertificateRequestIT {
    @TempDir
    Path dir;

    @Test
    void opensslReadsAndVerifiesIt() throws Exception {
        String longest = "g".repeat(64);
        for (String gateway : List.of("gw-7f3a9c21", longest)) {
            KeyPair key = CertificateRequest.freshKey();
            byte[] der = CertificateRequest.of(key.getPublic().getEncoded(), key.getPrivate(), "chu-ibnrochd", gateway);
            Path file = Files.write(dir.resolve("request.der"), der);
            Process openssl = new ProcessBuilder(
                            "openssl",
                            "req",
                            "-inform",
                            "DER",
                            "-in",
                            file.toString(),
                            "-noout",
                            "-verify",
                            "-text",
                            "-nameopt",
                            "RFC2253")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, openssl.waitFor(), said);
            assertTrue(said.contains("verify OK"), said);
            assertTrue(said.contains("Subject: CN=" + gateway + "\n"), said);
            assertTrue(said.contains("URI:urn:wasla:gw:chu-ibnrochd:" + gateway + "\n"), said);
            assertTrue(said.contains("NIST CURVE: P-256") && said.contains("ecdsa-with-SHA256"), said);
            der[der.length / 2] ^= 1;
            Files.write(file, der);
            Process judge = new ProcessBuilder(
                            "openssl", "req", "-inform", "DER", "-in", file.toString(), "-noout", "-verify")
                    .redirectErrorStream(true)
                    .start();
            String verdict = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(judge.waitFor() != 0 || !verdict.contains("verify OK"), verdict);
        }
    }
}
