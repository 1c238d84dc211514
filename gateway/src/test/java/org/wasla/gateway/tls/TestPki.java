package org.wasla.gateway.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Authorities and what they sign, made by OpenSSL as a site would: {@code NAME.pem}, {@code NAME.key} and {@code NAME.p12} of
 * P-256. Skips the test where openssl is not installed. One thread.
 */
public final class TestPki {
    /** Of every PKCS12 file. */
    public static final String PASSWORD = "changeit";

    private final Path folder;

    private TestPki(Path folder) {
        this.folder = folder;
    }

    /** @param authorities their names */
    public static TestPki make(Path folder, String... authorities) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        TestPki pki = new TestPki(folder);
        for (String name : authorities) {
            pki.openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name
                    + " -keyout " + name + ".key -out " + name + ".pem");
        }
        return pki;
    }

    /** A key of a name of its own, for localhost. */
    public void signed(String name, String authority) throws IOException, InterruptedException {
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name
                + ".key -out " + name + ".csr");
        Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=DNS:localhost\n");
        openssl("x509 -req -in " + name + ".csr -CA " + authority + ".pem -CAkey " + authority
                + ".key -CAcreateserial -days 2 -extfile " + name + ".ext -out " + name + ".pem");
        openssl("pkcs12 -export -inkey " + name + ".key -in " + name + ".pem -name key -passout pass:" + PASSWORD
                + " -out " + name + ".p12");
        Files.writeString(folder.resolve(name + ".p12.pass"), PASSWORD + "\n");
    }

    /** The authority takes a certificate back. @return its list of all that it took back, PEM */
    public Path revoked(String name, String authority) throws IOException, InterruptedException {
        Path index = folder.resolve(authority + ".index");
        if (Files.notExists(index)) {
            Files.createFile(index);
            Files.writeString(folder.resolve(authority + ".crlnumber"), "01\n");
            Files.writeString(folder.resolve(authority + ".cnf"), """
                            [ca]
                            default_ca = own
                            [own]
                            database = %1$s.index
                            crlnumber = %1$s.crlnumber
                            certificate = %1$s.pem
                            private_key = %1$s.key
                            default_md = sha256
                            default_crl_days = 2
                            """.formatted(authority));
        }
        openssl("ca -config " + authority + ".cnf -revoke " + name + ".pem");
        openssl("ca -config " + authority + ".cnf -gencrl -out " + authority + ".crl");
        return folder.resolve(authority + ".crl");
    }

    /** A PKCS12 file with nothing but the authority's certificate, for a broker in Java. */
    public Path trust(String authority) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", TlsFiles.certificates(pem(authority)).get(0));
        Path file = folder.resolve(authority + "-trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    public Path pem(String name) {
        return folder.resolve(name + ".pem");
    }

    public Path p12(String name) {
        return folder.resolve(name + ".p12");
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("openssl " + arguments + ": " + said);
        }
    }
}
