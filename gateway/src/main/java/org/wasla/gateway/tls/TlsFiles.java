package org.wasla.gateway.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS contexts of files that are read anew for every connection, so that a renewed certificate needs no restart.
 * Stateless.
 */
public final class TlsFiles {
    private TlsFiles() {}

    /**
     * @param ca PEM of the authorities that are trusted; null: the JDK's own list
     * @param key PKCS12 with our key and certificate, its password in {@code <key>.pass} beside it or none; null: we have
     *     none to show
     */
    public static SSLContext context(@Nullable Path ca, @Nullable Path key, TlsClock clock)
            throws GeneralSecurityException, IOException {
        ClockedTrust trust = ClockedTrust.of(ca == null ? ofTheJdk() : certificates(ca), clock);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(key == null ? null : keys(key), new TrustManager[] {trust}, null);
        return context;
    }

    /** A context that trusts what one authority vouches for that is known by its SHA-256 alone; it shows no key. */
    public static SSLContext pinned(String sha256, TlsClock clock) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {ClockedTrust.pinned(sha256, clock)}, null);
        return context;
    }

    /** The certificates of a PEM file, in order. */
    public static List<X509Certificate> certificates(Path pem) throws GeneralSecurityException, IOException {
        List<X509Certificate> all = new ArrayList<>();
        try (InputStream in = Files.newInputStream(pem)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (each instanceof X509Certificate certificate) {
                    all.add(certificate);
                }
            }
        }
        if (all.isEmpty()) {
            throw new IOException(pem + " holds no certificate");
        }
        return all;
    }

    private static List<X509Certificate> ofTheJdk() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        List<X509Certificate> all = new ArrayList<>();
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509TrustManager own) {
                all.addAll(List.of(own.getAcceptedIssuers()));
            }
        }
        return all;
    }

    /** What opens a key store: the password beside it, or none. */
    public static char[] password(Path key) throws IOException {
        Path file = key.resolveSibling(key.getFileName() + ".pass");
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.UTF_8).strip().toCharArray()
                : new char[0];
    }

    /** The file in the folder that a link leads to now: another one may count before its password is read. */
    private static Path settled(Path key) throws IOException {
        Path folder = key.toAbsolutePath().getParent();
        return folder == null ? key : folder.toRealPath().resolve(key.getFileName());
    }

    /** Opens a PKCS12 file, with {@link #password}. */
    public static KeyStore store(Path key) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(key)) {
            store.load(in, password(key));
        }
        return store;
    }

    /** The keys of a PKCS12 file. */
    public static KeyManager[] keys(Path key) throws GeneralSecurityException, IOException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        Path file = settled(key);
        factory.init(store(file), password(file));
        return factory.getKeyManagers();
    }
}
