package org.wasla.gateway.imaging;

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
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 and 1.3 over a connection (PS3.15 annex B, the BCP 195 profiles). The files are read for every connection, so
 * that a renewed certificate needs no restart. Immutable.
 */
final class TlsOpening implements Caller.Opening {
    private final SSLContext context;
    private final boolean asksCallers;

    private TlsOpening(SSLContext context, boolean asksCallers) {
        this.context = context;
        this.asksCallers = asksCallers;
    }

    static TlsOpening read(ImagingSettings.Tls tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            char[] password = password(tls.key());
            keys.init(store(tls.key(), password), password);
            TrustManagerFactory trust = trust(tls.ca());
            context.init(keys.getKeyManagers(), trust == null ? null : trust.getTrustManagers(), null);
            return new TlsOpening(context, trust != null);
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException("dicom.tls.key or dicom.tls.ca cannot be used: " + e, e);
        }
    }

    static KeyStore store(Path key, char[] password) throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(key)) {
            own.load(in, password);
        }
        return own;
    }

    static char[] password(Path key) throws IOException {
        Path file = key.resolveSibling(key.getFileName() + ".pass");
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.UTF_8).strip().toCharArray()
                : new char[0];
    }

    static @Nullable TrustManagerFactory trust(@Nullable Path ca) throws GeneralSecurityException, IOException {
        if (ca == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(ca)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca" + store.size(), each);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    /** Whoever gets the key one day must not read what was sent before: RFC 9325, 4.1. */
    private static String[] withForwardSecrecy(String[] suites) {
        return Arrays.stream(suites)
                .filter(each -> !each.startsWith("TLS_RSA_"))
                .toArray(String[]::new);
    }

    @Override
    public Socket over(Socket wire) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(wire, null, true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setEnabledCipherSuites(withForwardSecrecy(socket.getEnabledCipherSuites()));
        socket.setNeedClientAuth(asksCallers);
        socket.startHandshake();
        return socket;
    }
}
