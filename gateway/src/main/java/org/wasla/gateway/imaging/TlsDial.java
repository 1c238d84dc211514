package org.wasla.gateway.imaging;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.2 and 1.3 towards a destination (PS3.15 annex B, the BCP 195 profiles). The files are read for every connection,
 * so that a renewed certificate needs no restart. Immutable.
 */
final class TlsDial implements Caller.Opening {
    private final SSLContext context;

    private TlsDial(SSLContext context) {
        this.context = context;
    }

    static TlsDial read(ForwardSettings.Keys keys) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManagerFactory trust = TlsOpening.trust(keys.ca());
            context.init(own(keys.key()).getKeyManagers(), trust == null ? null : trust.getTrustManagers(), null);
            return new TlsDial(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException("tls.key or tls.ca cannot be used: " + e, e);
        }
    }

    private static KeyManagerFactory own(@Nullable Path key) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (key == null) {
            keys.init(null, null);
            return keys;
        }
        char[] password = TlsOpening.password(key);
        KeyStore own = TlsOpening.store(key, password);
        keys.init(own, password);
        return keys;
    }

    SSLSocketFactory factory() {
        return context.getSocketFactory();
    }

    /** The chain is checked, the name is not: DICOM nodes are known by addresses and titles. */
    @Override
    public Socket over(Socket wire) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(wire, null, true);
        socket.setUseClientMode(true);
        socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.startHandshake();
        return socket;
    }
}
