package org.wasla.ops.enrol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.wasla.gateway.tls.TlsFiles;
import org.wasla.gateway.trust.CertificateRequest;

/**
 * A CA of one key in a file, worked with openssl: good enough for a pilot, and for nothing more. One thread at a time.
 */
final class Authority {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final long SERVER_LIFE_S = 397L * 86_400;
    private static final long BACK_S_MAX = 3_600;
    private static final String CONFIG = """
            [ca]
            default_ca = own
            [own]
            dir = .
            database = index.txt
            new_certs_dir = issued
            certificate = ca.pem
            private_key = ca.key
            serial = serial
            crlnumber = crlnumber
            default_md = sha256
            default_crl_days = 365
            policy = any
            unique_subject = no
            copy_extensions = none
            [any]
            organizationalUnitName = optional
            commonName = supplied
            [req]
            distinguished_name = name
            prompt = no
            [name]
            CN = Wasla pilot CA %s
            [authority]
            basicConstraints = critical,CA:true,pathlen:0
            keyUsage = critical,keyCertSign,cRLSign
            subjectKeyIdentifier = hash
            """;
    private static final String GATEWAY = """
            basicConstraints = critical,CA:false
            keyUsage = critical,digitalSignature
            extendedKeyUsage = clientAuth
            authorityKeyIdentifier = keyid
            subjectAltName = URI:%s
            """;
    private static final String SERVER = """
            basicConstraints = critical,CA:false
            keyUsage = critical,digitalSignature
            extendedKeyUsage = serverAuth,clientAuth
            authorityKeyIdentifier = keyid
            subjectAltName = %s
            """;

    private final Path dir;
    private final OpenSsl openssl;

    /** From when until when a certificate is good, s of UTC. */
    record Span(long fromS, long untilS) {
        /** From now on, and a little before for brokers whose clocks are behind. */
        static Span of(long lifeS) {
            long nowS = System.currentTimeMillis() / 1_000;
            return new Span(nowS - Math.min(BACK_S_MAX, lifeS / 100), nowS + lifeS);
        }
    }

    Authority(Path dir) {
        this.dir = dir;
        this.openssl = new OpenSsl(dir);
    }

    /** Makes the CA, and the keys and certificates of endpoint, broker and operator. */
    void init(Settings settings) throws IOException {
        Files.createDirectories(dir);
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
        if (Files.exists(dir.resolve("ca.pem"))) {
            throw new IOException("there is a CA in " + dir + " already; every box trusts it. Name another folder");
        }
        Files.createDirectories(dir.resolve("issued"));
        Files.writeString(dir.resolve("ca.cnf"), CONFIG.formatted(settings.region()));
        Files.writeString(dir.resolve("index.txt"), "");
        Files.writeString(dir.resolve("crlnumber"), "01\n");
        openssl.run(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem",
                "-days",
                "7300",
                "-config",
                "ca.cnf",
                "-extensions",
                "authority");
        servers(settings);
        revocations();
    }

    /** New keys and certificates of endpoint, broker and operator. */
    void servers(Settings settings) throws IOException {
        server("endpoint", settings.endpoint().getHost(), List.of(settings.endpoint()));
        server("broker", settings.servers().get(0).getHost(), settings.servers());
        server("operator", "wasla-operator", List.of());
    }

    private void server(String file, String name, List<URI> addresses) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (URI each : addresses) {
            String host = each.getHost().replaceAll("[\\[\\]]", "");
            names.add((host.matches("[0-9.]+|.*:.*") ? "IP:" : "DNS:") + host);
        }
        if (names.isEmpty()) {
            names.add("DNS:" + name);
        }
        openssl.run(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                file + ".key",
                "-out",
                file + ".csr",
                "-config",
                "ca.cnf",
                "-subj",
                "/CN=" + name);
        long nowS = System.currentTimeMillis() / 1_000;
        issue(
                file,
                "/CN=" + name,
                SERVER.formatted(String.join(",", names)),
                new Span(nowS - BACK_S_MAX, nowS + SERVER_LIFE_S));
        openssl.run(
                "pkcs12",
                "-export",
                "-inkey",
                file + ".key",
                "-in",
                file + ".pem",
                "-certfile",
                "ca.pem",
                "-out",
                file + ".p12",
                "-passout",
                "pass:wasla",
                "-name",
                "key");
        Files.writeString(dir.resolve(file + ".p12.pass"), "wasla\n");
        Files.delete(dir.resolve(file + ".csr"));
    }

    private void issue(String file, String subject, String extensions, Span span) throws IOException {
        Path extensionFile = Files.writeString(dir.resolve(file + ".ext"), extensions);
        openssl.run(
                "ca",
                "-batch",
                "-notext",
                "-rand_serial",
                "-config",
                "ca.cnf",
                "-in",
                file + ".csr",
                "-out",
                file + ".pem",
                "-subj",
                subject,
                "-startdate",
                TIME.format(Instant.ofEpochSecond(span.fromS())),
                "-enddate",
                TIME.format(Instant.ofEpochSecond(span.untilS())),
                "-extfile",
                extensionFile.toString());
        Files.delete(extensionFile);
    }

    /**
     * What a request is for, when it is whole, signed by its own key, and for this gateway.
     *
     * @param der PKCS #10
     */
    PublicKey check(byte[] der, String gateway, String site) throws IOException {
        Path request = Files.createTempFile(dir, "request", ".tmp");
        try {
            Files.write(request, der);
            String all = text(
                    "req",
                    "-inform",
                    "DER",
                    "-in",
                    request.toString(),
                    "-noout",
                    "-verify",
                    "-subject",
                    "-pubkey",
                    "-nameopt",
                    "RFC2253",
                    "-config",
                    "ca.cnf");
            if (!all.contains("subject=CN=" + gateway + "\n")) {
                throw new IOException("the request is for another subject than CN=" + gateway);
            }
            String names =
                    text("req", "-inform", "DER", "-in", request.toString(), "-noout", "-text", "-config", "ca.cnf");
            if (!names.contains("URI:" + CertificateRequest.uri(site, gateway) + "\n")) {
                throw new IOException("the request is not for " + CertificateRequest.uri(site, gateway));
            }
            String begin = "-----BEGIN PUBLIC KEY-----";
            String pem = all.substring(all.indexOf(begin) + begin.length(), all.indexOf("-----END PUBLIC KEY-----"));
            byte[] key = Base64.getMimeDecoder().decode(pem);
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key));
        } catch (GeneralSecurityException | StringIndexOutOfBoundsException noKey) {
            throw new IOException("the request holds no EC key", noKey);
        } finally {
            Files.delete(request);
        }
    }

    private String text(String... arguments) throws IOException {
        return new String(openssl.run(arguments), StandardCharsets.UTF_8);
    }

    /** A certificate for a request that was checked. */
    X509Certificate gateway(byte[] der, String gateway, String site, boolean quarantine, Span span) throws IOException {
        String file = "gw." + gateway;
        Path request = Files.createTempFile(dir, "request", ".tmp");
        try {
            Files.write(request, der);
            openssl.run("req", "-inform", "DER", "-in", request.toString(), "-out", file + ".csr", "-config", "ca.cnf");
        } finally {
            Files.delete(request);
        }
        issue(
                file,
                (quarantine ? "/OU=quarantine" : "") + "/CN=" + gateway,
                GATEWAY.formatted(CertificateRequest.uri(site, gateway)),
                span);
        Files.delete(dir.resolve(file + ".csr"));
        byte[] pem = Files.readAllBytes(dir.resolve(file + ".pem"));
        Files.delete(dir.resolve(file + ".pem"));
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        } catch (GeneralSecurityException broken) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    X509Certificate own() throws IOException {
        try {
            return TlsFiles.certificates(dir.resolve("ca.pem")).get(0);
        } catch (GeneralSecurityException broken) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    /** These certificates and the CA's, as PKCS #7 in base64 (RFC 7030, 4.1.3). */
    byte[] answer(List<X509Certificate> certificates) throws IOException {
        Path pem = Files.createTempFile(dir, "answer", ".tmp");
        try {
            StringBuilder text = new StringBuilder();
            for (X509Certificate each : certificates) {
                text.append("-----BEGIN CERTIFICATE-----\n")
                        .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(each.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            }
            Files.writeString(pem, text);
            byte[] der = openssl.run("crl2pkcs7", "-nocrl", "-certfile", pem.toString(), "-outform", "DER");
            return Base64.getMimeEncoder().encode(der);
        } catch (GeneralSecurityException broken) {
            throw new IOException(broken.getMessage(), broken);
        } finally {
            Files.delete(pem);
        }
    }

    /** Every certificate of a gateway that was not revoked yet. */
    void revoke(String gateway) throws IOException {
        for (String line : Files.readAllLines(dir.resolve("index.txt"))) {
            String[] columns = line.split("\t");
            boolean isIts = columns.length == 6 && columns[5].matches("(/OU=quarantine)?/CN=" + gateway);
            if (isIts && !columns[0].equals("R")) {
                openssl.run("ca", "-config", "ca.cnf", "-revoke", "issued/" + columns[3] + ".pem");
            }
        }
        revocations();
    }

    /** Writes the list of revocations anew; it is good for a year, and a broker refuses everybody once it is over. */
    void revocations() throws IOException {
        openssl.run("ca", "-config", "ca.cnf", "-gencrl", "-out", "ca.crl.new");
        Files.move(dir.resolve("ca.crl.new"), dir.resolve("ca.crl"), StandardCopyOption.ATOMIC_MOVE);
        try (Stream<Path> old = Files.list(dir)) {
            for (Path each :
                    old.filter(file -> file.toString().endsWith(".old")).toList()) {
                Files.delete(each);
            }
        }
    }
}
