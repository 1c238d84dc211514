package org.wasla.gateway.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 and 1.3 with whoever calls us, with forward secrecy and authenticated encryption only (RFC 9325, 4). The files are read for every connection,
 * so that a renewed certificate needs no restart. Stateless.
 */
public final class TlsServer {
    private TlsServer() {}

    /**
     * Shakes hands; the socket's time-out holds for each read of it.
     *
     * @param key PKCS12 with our key and certificate, see {@link TlsFiles#password}
     * @param ca PEM of the authorities of which a caller must show a certificate; null: none is asked for
     */
    public static Socket over(Socket wire, Path key, @Nullable Path ca) throws IOException {
        SSLContext context = context(key, ca);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(wire, null, true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setEnabledCipherSuites(Arrays.stream(socket.getEnabledCipherSuites())
                .filter(each -> !each.startsWith("TLS_RSA_") && !each.contains("_CBC_"))
                .toArray(String[]::new));
        socket.setNeedClientAuth(ca != null);
        socket.startHandshake();
        return socket;
    }

    private static SSLContext context(Path key, @Nullable Path ca) throws IOException {
        try {
            return TlsFiles.context(ca, key, TlsClock.SYSTEM);
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException("key or ca of the port cannot be used: " + e.getMessage(), e);
        }
    }
}
