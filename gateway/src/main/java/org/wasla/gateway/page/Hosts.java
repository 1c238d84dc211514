package org.wasla.gateway.page;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names a browser may have for the box. A foreign name that was made to lead here (DNS rebinding) is refused: the
 * page speaks to who means the box. Immutable.
 */
final class Hosts {
    private final Set<String> names = new HashSet<>();
    private final int port;
    private final String scheme;

    /** @param names beside addresses and localhost */
    Hosts(List<String> names, int port, boolean isTls) {
        names.forEach(name -> this.names.add(name.toLowerCase(Locale.ROOT)));
        this.names.add("localhost");
        this.port = port;
        this.scheme = isTls ? "https" : "http";
    }

    /** @param host header of a request. An address is never a name that leads elsewhere tomorrow */
    boolean isOurs(@Nullable String host) {
        if (host == null) {
            return false;
        }
        int colon = host.endsWith("]") ? -1 : host.lastIndexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        String port = colon < 0 ? "" : host.substring(colon + 1);
        boolean isPort = colon < 0 ? this.port == (scheme.equals("https") ? 443 : 80) : port.equals("" + this.port);
        boolean isAddress = name.matches("\\d{1,3}(\\.\\d{1,3}){3}") || name.matches("\\[[0-9a-f:.]+]");
        return isPort && (isAddress || names.contains(name));
    }

    /** @param origin header of a request, null when the browser sent none */
    boolean isOwnOrigin(@Nullable String origin, String host) {
        return origin == null || origin.equals(scheme + "://" + host);
    }
}
