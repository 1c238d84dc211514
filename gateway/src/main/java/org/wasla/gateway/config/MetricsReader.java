package org.wasla.gateway.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;

/** Reads {@code metrics}. Stateless. */
final class MetricsReader {
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]+):(\\d{1,5})");
    private static final int PORT_MAX = 65_535;

    private MetricsReader() {}

    /** @return where metrics are to be had, null: nowhere */
    static @Nullable InetSocketAddress read(Section section) {
        boolean isOpen = section.flag("open", false);
        InetSocketAddress listen =
                section.get("listen").map(entry -> address(entry, isOpen)).orElse(null);
        section.end();
        return listen;
    }

    private static @Nullable InetSocketAddress address(Entry entry, boolean isOpen) {
        Matcher parts = ADDRESS.matcher(entry.text());
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > PORT_MAX) {
            entry.problem("is '" + entry.text() + "'", "write ADDRESS:PORT, such as 127.0.0.1:9464");
            return null;
        }
        if (!isOpen && !ConfigReader.isLoopback(parts.group(1))) {
            entry.problem(
                    "would tell anybody in the network how the box does, without TLS",
                    "write 127.0.0.1:9464, or add metrics.open: true");
        }
        return new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
    }
}
