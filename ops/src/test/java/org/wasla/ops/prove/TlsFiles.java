package org.wasla.ops.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority, a broker and a box with certificates of P-256, made by OpenSSL as a site would. One thread. */
final class TlsFiles {
    private final Path folder;
    private final String password;

    private TlsFiles(Path folder, String password) {
        this.folder = folder;
        this.password = password;
    }

    /** @param password of the box's PKCS12 */
    static TlsFiles make(Path folder, String password) throws IOException, InterruptedException {
        TlsFiles files = new TlsFiles(folder, password);
        files.key("ca");
        files.openssl(
                "req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=proof-ca", "-days", "2", "-out", "ca.pem");
        files.signed("broker", "subjectAltName=DNS:localhost,IP:127.0.0.1");
        files.signed("gateway", "subjectAltName=DNS:localhost");
        files.packed("gateway");
        return files;
    }

    /** A further one, of RSA as older sites have them. */
    Path rsa() throws IOException, InterruptedException {
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.key");
        certify("rsa", "subjectAltName=DNS:localhost");
        packed("rsa");
        return file("rsa.p12");
    }

    private void packed(String name) throws IOException, InterruptedException {
        openssl(
                "pkcs12",
                "-export",
                "-inkey",
                name + ".key",
                "-in",
                name + ".pem",
                "-name",
                "key",
                "-passout",
                "pass:" + password,
                "-out",
                name + ".p12");
        Files.writeString(file(name + ".p12.pass"), password + "\n");
    }

    private void key(String name) throws IOException, InterruptedException {
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name + ".key");
    }

    private void signed(String name, String extension) throws IOException, InterruptedException {
        key(name);
        certify(name, extension);
    }

    private void certify(String name, String extension) throws IOException, InterruptedException {
        Files.writeString(folder.resolve(name + ".ext"), extension + "\n");
        openssl("req", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-out", name + ".csr");
        openssl(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "2",
                "-extfile",
                name + ".ext",
                "-out",
                name + ".pem");
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("openssl " + arguments[0] + ": " + said);
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    String password() {
        return password;
    }

    /** A further listener of mosquitto, as SECURITY.md tells to set one up. */
    String[] listener(int port) {
        return new String[] {
            "listener " + port + " 127.0.0.1",
            "cafile " + file("ca.pem"),
            "certfile " + file("broker.pem"),
            "keyfile " + file("broker.key"),
            "require_certificate true",
            "tls_version tlsv1.2"
        };
    }
}
