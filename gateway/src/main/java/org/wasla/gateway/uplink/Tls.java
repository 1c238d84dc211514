package org.wasla.gateway.uplink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets for {@code mqtts}, from files that are read anew for every connection, so that a renewed certificate needs
 * no
 * restart. Stateless.
 */
final class Tls {

    private Tls() {}

    /** The sockets for this server, null when it is spoken to without TLS. */
    static @Nullable SSLSocketFactory socketsFor(Server server, UplinkSettings settings) throws IOException {
        return server.tls() ? sockets(settings) : null;
    }

    private static SSLSocketFactory sockets(UplinkSettings settings) throws IOException {
        Path ca = settings.ca();
        Path key = settings.key();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(key == null ? null : keys(key), ca == null ? null : trust(ca), null);
            return new ModernSockets(context.getSocketFactory());
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException("uplink.ca or uplink.key cannot be used (" + ca + ", " + key + "): " + e, e);
        }
    }

    private static TrustManager[] trust(Path ca) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(ca)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
        }
        if (store.size() == 0) {
            throw new IOException(ca + " holds no certificate");
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keys(Path key) throws GeneralSecurityException, IOException {
        Path passwordFile = key.resolveSibling(key.getFileName() + ".pass");
        char[] password = Files.exists(passwordFile)
                ? Files.readString(passwordFile, StandardCharsets.UTF_8).strip().toCharArray()
                : new char[0];
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(key)) {
            store.load(in, password);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }
}
