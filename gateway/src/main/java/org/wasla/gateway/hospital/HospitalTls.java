package org.wasla.gateway.hospital;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
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
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 and 1.3 towards a receiver, whose certificate must bear the name that is called. The files are read for every
 * connection, so that a renewed certificate needs no restart. Stateless.
 */
final class HospitalTls {
    private HospitalTls() {}

    static Socket over(Socket wire, String host, int port, HospitalSettings.Keys keys) throws IOException {
        SSLContext context = context(keys);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(wire, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext context(HospitalSettings.Keys keys) throws IOException {
        Path ca = keys.ca();
        Path key = keys.key();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own(key), ca == null ? null : trust(ca), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException(
                    "tls.ca or tls.key cannot be used: " + e.getClass().getSimpleName(), e);
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
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** The password stands in a file beside it that ends in .pass; without one it is empty. */
    private static KeyManager @Nullable [] own(@Nullable Path key) throws GeneralSecurityException, IOException {
        if (key == null) {
            return null;
        }
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
