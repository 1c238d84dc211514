package org.wasla.gateway.page;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the page is served. Immutable.
 *
 * @param host address to listen on
 * @param port 1 to 65535
 * @param tls null: none; else how
 * @param pin file with the hashes of PINs, null: none is asked for
 * @param ports patterns of files that are serial ports; none: those of the system
 * @param names what else the box is called in a browser's address line
 */
public record PageSettings(
        String host, int port, @Nullable Tls tls, @Nullable Path pin, List<Path> ports, List<String> names) {
    public PageSettings {
        ports = List.copyOf(ports);
        names = List.copyOf(names);
    }

    /**
     * @param file PKCS12 with key and certificate; its password in the same name with {@code .pass} after it
     * @param isOurs whether it is made when it is not there
     */
    public record Tls(Path file, boolean isOurs) {}

    /** Whether only programs of this box reach it. */
    public boolean isLocal() {
        return isLoopback(host);
    }

    public static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || host.equals("[::1]")
                || host.matches("127(\\.\\d{1,3}){3}");
    }
}
