package org.wasla.gateway.uplink;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which brokers, and as whom. Immutable.
 *
 * @param servers {@code mqtt://host:port} or {@code mqtts://host:port}, tried in turn; a user and password may stand
 *     before the host
 * @param ca PEM of the authority that the broker's certificate must come from; null is the JDK's own list
 * @param key PKCS12 with our key and certificate, its password in {@code <key>.pass} beside it or none; null is no
 * client
 *     certificate
 * @param gateway the gateway's id; the client id is derived from it
 * @param software name and version, for the birth
 * @param compress whether a payload is deflated where that makes it smaller
 */
public record UplinkSettings(
        List<URI> servers, @Nullable Path ca, @Nullable Path key, String gateway, String software, boolean compress) {

    /** Copies the list, and checks every server. */
    public UplinkSettings {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException(
                    "uplink.servers is empty; write for instance mqtts://broker.example:8883");
        }
        servers.forEach(Server::of);
    }
}
