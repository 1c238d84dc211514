package org.wasla.gateway.uplink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.tls.StrictSockets;
import org.wasla.gateway.tls.TlsFiles;

/** Sockets for {@code mqtts}, whose files are read anew for every connection. Stateless. */
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
            return new StrictSockets(
                    TlsFiles.context(ca, key, settings.standing().clock()).getSocketFactory());
        } catch (GeneralSecurityException | IOException e) {
            String hint = key == null || Files.exists(key) ? "" : "; a box that is not enrolled yet: wasla enrol";
            throw new IOException("uplink.ca or uplink.key cannot be used (" + ca + ", " + key + "): " + e + hint, e);
        }
    }
}
