package org.wasla.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.page.Pins;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;

/** Reads {@code page}: where the local page listens, and how it is kept from strangers. Stateless. */
final class PageReader {
    private static final Pattern LISTEN = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]+):(\\d{1,5})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.-]{1,253}");
    private static final String EXAMPLE = "write ADDRESS:PORT, such as 127.0.0.1:8080";
    private static final String OWN = "own";

    private PageReader() {}

    /** @return null when no page is asked for */
    static @Nullable PageSettings read(Section root, Path buffer) {
        if (!root.has("page")) {
            return null;
        }
        Section section = root.section("page");
        String listen = section.text("listen", "127.0.0.1:8080");
        Matcher parts = LISTEN.matcher(listen);
        boolean isSound = parts.matches() && isPort(parts.group(2));
        if (!isSound) {
            section.need("listen", "127.0.0.1:8080").problem("is '" + listen + "'", EXAMPLE);
        }
        PageSettings.Tls tls = section.has("tls") ? tls(section.need("tls", OWN), buffer) : null;
        Path pin = section.get("pin").flatMap(PageReader::pins).orElse(null);
        List<Path> ports = new ArrayList<>();
        for (Entry each : section.list("ports")) {
            each.file().filter(Path::isAbsolute).ifPresentOrElse(ports::add, () -> {
                each.problem("is no full path", "write one such as /dev/ttyUSB*");
            });
        }
        List<String> names = new ArrayList<>();
        for (Entry each : section.list("names")) {
            names.add(each.text(NAME, "write a host's name without port, such as wasla-rea1.chu.example"));
        }
        section.end();
        if (!isSound) {
            return null;
        }
        String host = parts.group(1).replaceAll("[\\[\\]]", "");
        PageSettings settings = new PageSettings(host, Integer.parseInt(parts.group(2)), tls, pin, ports, names);
        if (!settings.isLocal()) {
            tellOpen(section, settings);
        }
        return settings;
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= 65_535;
    }

    /** What others may reach over the network is neither in clear nor for everybody. */
    private static void tellOpen(Section section, PageSettings settings) {
        if (settings.tls() == null && !section.has("tls")) {
            section.problem(
                    "would be served on " + settings.host() + " without TLS",
                    "add page.tls: own, or listen on 127.0.0.1");
        }
        if (settings.pin() == null && !section.has("pin")) {
            section.problem(
                    "would be open to everybody on " + settings.host(),
                    "add page.pin: FILE, made with wasla page pin, or listen on 127.0.0.1");
        }
    }

    private static PageSettings.@Nullable Tls tls(Entry entry, Path buffer) {
        if (entry.text().equals(OWN)) {
            return new PageSettings.Tls(buffer.resolve("local").resolve("page.p12"), true);
        }
        Optional<Path> file = ConfigReader.file(entry);
        return file.map(path -> new PageSettings.Tls(path, false)).orElse(null);
    }

    private static Optional<Path> pins(Entry entry) {
        Optional<Path> file = entry.file();
        try {
            if (file.isPresent() && Files.isReadable(file.get())) {
                Pins.read(file.get());
            } else if (file.isPresent()) {
                entry.problem(
                        "is '" + file.get() + "', no file that can be read",
                        "make it with wasla page pin --file " + file.get() + ", or give the right to read it");
            }
        } catch (IOException wrong) {
            String message = String.valueOf(wrong.getMessage());
            int cut = message.lastIndexOf("; ");
            entry.problem(
                    cut < 0 ? "cannot be read" : message.substring(0, cut),
                    cut < 0 ? "make it with wasla page pin" : message.substring(cut + 2));
        }
        return file;
    }
}
