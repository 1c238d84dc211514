package org.wasla.gateway.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.imaging.ForwardSettings;
import org.wasla.gateway.imaging.ForwardSettings.Destination;
import org.wasla.gateway.imaging.ForwardSettings.Filter;
import org.wasla.gateway.imaging.ForwardSettings.Keys;
import org.wasla.gateway.imaging.ForwardSettings.Target;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;

/** Reads where images go: {@code forward}, {@code delete} and {@code keep} of the section {@code dicom}. Stateless. */
final class ForwardReader {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern NODE =
            Pattern.compile("dicom:([^@\\\\]{1,16})@([A-Za-z0-9._-]+|\\[[0-9a-f:]+]):(\\d{1,5})");
    private static final Pattern CLASS = Pattern.compile("[0-9.]{1,64}");
    private static final Pattern MODALITY = Pattern.compile("[A-Z0-9_]{1,16}");
    private static final String TO = "dicom:PACS@192.168.1.20:104";
    private static final String TO_REMEDY = "write " + TO + ", or https://HOST/dicom-web";
    private static final long RETRY_MS = 300_000;
    private static final long RETRY_MS_MIN = 1_000;
    private static final long KEEP_MS = 7 * 86_400_000L;

    private ForwardReader() {}

    /** @param title of the box, with which it calls unless a destination says otherwise */
    static ForwardSettings read(Section dicom, String title) {
        List<Destination> destinations = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Entry entry : dicom.list("forward")) {
            Section section = entry.section();
            Destination destination = destination(section, title);
            if (!names.add(destination.name())) {
                section.problem(
                        "is called '" + destination.name() + "' as another one is",
                        "give every destination its own name");
            }
            section.end();
            destinations.add(destination);
        }
        String delete = dicom.text("delete", "never");
        if (!delete.equals("never") && !delete.equals("forwarded")) {
            dicom.need("delete", "never").problem("is '" + delete + "'", "write never or forwarded");
        }
        if (delete.equals("forwarded") && destinations.isEmpty()) {
            dicom.need("delete", "never").problem("waits for destinations, and there is none", "add forward: [...]");
        }
        return new ForwardSettings(destinations, delete.equals("forwarded"), dicom.millis("keep", KEEP_MS));
    }

    private static Destination destination(Section section, String title) {
        Entry to = section.need("to", '"' + TO + '"');
        String text = to.text();
        Keys tls = section.has("tls") ? keys(section.section("tls")) : null;
        String name = section.get("name")
                .map(entry -> entry.text(NAME, "write small letters, digits and dashes, such as pacs"))
                .orElse(plain(text));
        String calling = section.get("ae")
                .map(entry -> entry.text(DicomReader.TITLE, DicomReader.TITLE_REMEDY))
                .orElse(title);
        boolean deidentifies = section.flag("deidentify", false);
        boolean takesBurntIn = section.flag("burnt-in", false);
        if (takesBurntIn && !deidentifies) {
            section.need("burnt-in", "false").problem("has no meaning without deidentify", "leave it out");
        }
        long retryMs = section.millis("retry", RETRY_MS);
        if (retryMs < RETRY_MS_MIN) {
            section.need("retry", "5min").problem("is too short", "write at least 1s");
        }
        return new Destination(
                name,
                target(section, to, text, tls),
                calling,
                filter(section.section("only")),
                filter(section.section("not")),
                deidentifies,
                takesBurntIn,
                Math.max(RETRY_MS_MIN, retryMs));
    }

    /** What is written, without user and password. */
    private static String plain(String to) {
        return to.replaceFirst("^(https?://)[^/]*@", "$1");
    }

    private static Target target(Section section, Entry to, String text, @Nullable Keys tls) {
        Matcher node = NODE.matcher(text);
        Optional<Entry> token = section.get("token");
        boolean insecure = section.flag("insecure", false);
        if (node.matches()) {
            token.ifPresent(entry -> entry.problem("is for https destinations", "leave it out"));
            int port = Integer.parseInt(node.group(3));
            if (port < 1 || port > 65_535) {
                to.problem("has the port " + port, "write a port from 1 to 65535, such as 104");
            }
            return new ForwardSettings.Node(node.group(1).strip(), node.group(2), port, tls);
        }
        return web(to, text, tls, token, insecure);
    }

    private static Target web(Entry to, String text, @Nullable Keys tls, Optional<Entry> token, boolean insecure) {
        try {
            URI uri = new URI(text);
            boolean plain = "http".equals(uri.getScheme());
            if (plain || "https".equals(uri.getScheme())) {
                if (uri.getHost() != null && uri.getRawQuery() == null) {
                    if (plain && !insecure && !ConfigReader.isLoopback(uri.getHost())) {
                        to.problem("would send patient data without TLS", "write https://, or add insecure: true");
                    }
                    String user = uri.getUserInfo();
                    URI base = new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), uri.getPath(), null, null);
                    return new ForwardSettings.Web(base, authorization(user, token), tls);
                }
            }
        } catch (URISyntaxException wrong) {
            // told below
        }
        if (!text.isEmpty()) {
            to.problem("is '" + plain(text) + "'", TO_REMEDY);
        }
        return new ForwardSettings.Node("NONE", "localhost", 104, null);
    }

    private static @Nullable String authorization(@Nullable String user, Optional<Entry> token) {
        if (user != null) {
            token.ifPresent(entry -> entry.problem("stands beside a user in the address", "keep one of them"));
            return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        }
        Optional<Path> file = token.flatMap(DicomReader::readable);
        if (file.isEmpty() || !Files.isReadable(file.get())) {
            return null;
        }
        try {
            return "Bearer "
                    + Files.readString(file.get(), StandardCharsets.US_ASCII).strip();
        } catch (IOException unreadable) {
            token.get().problem("cannot be read as plain text", "write the token alone into the file");
            return null;
        }
    }

    private static Keys keys(Section section) {
        Path ca = section.get("ca").flatMap(DicomReader::readable).orElse(null);
        Path key = section.get("key").flatMap(DicomReader::readable).orElse(null);
        section.end();
        return new Keys(ca, key);
    }

    private static Filter filter(Section section) {
        Filter filter = new Filter(
                texts(section, "modality", MODALITY, "write codes such as [CT, MR]"),
                texts(section, "caller", DicomReader.TITLE, "write titles such as [CT1, US2]"),
                texts(section, "class", CLASS, "write UIDs such as [1.2.840.10008.5.1.4.1.1.2]"));
        section.end();
        return filter;
    }

    private static Set<String> texts(Section section, String key, Pattern form, String remedy) {
        Set<String> texts = new HashSet<>();
        section.list(key).forEach(entry -> texts.add(entry.text(form, remedy)));
        return texts;
    }
}
