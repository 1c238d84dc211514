package org.wasla.gateway.hospital;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.tls.TlsFiles;

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
            return TlsFiles.context(ca, key, TlsClock.SYSTEM);
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException(
                    "tls.ca or tls.key cannot be used: " + e.getClass().getSimpleName(), e);
        }
    }
}
