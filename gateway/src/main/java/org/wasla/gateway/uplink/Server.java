package org.wasla.gateway.uplink;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One broker to connect to. Immutable.
 *
 * @param label host and port, for logs and status: never the password
 * @param user name and password as {@code user:password}, null when there is none
 */
record Server(String label, boolean tls, @Nullable String user) {

    static Server of(URI uri) {
        boolean tls = "mqtts".equals(uri.getScheme());
        if ((!tls && !"mqtt".equals(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException("uplink.servers: write mqtt://host:port or mqtts://host:port");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 8883 : 1883;
        return new Server(uri.getHost() + ":" + port, tls, uri.getUserInfo());
    }
}
