package org.wasla.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.hospital.HospitalSettings.Keys;
import org.wasla.gateway.hospital.HospitalSettings.Receiver;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;

/** Reads {@code hospital}: the hospital's own systems that are told of values and alarms. Stateless. */
final class HospitalReader {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9a-f:]+]):(\\d{1,5})");
    private static final String OBSERVATIONS = "observations";
    private static final String ALARMS = "alarms";
    private static final long EVERY_MS = 60_000;
    private static final long EVERY_MS_MIN = 1_000;
    private static final long EVERY_MS_MAX = 3_600_000;
    private static final long ANSWER_MS = 10_000;
    private static final long ANSWER_MS_MAX = 300_000;
    private static final int PORT_MAX = 65_535;

    private HospitalReader() {}

    static List<Receiver> read(Section root) {
        List<Receiver> receivers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Entry entry : root.list("hospital")) {
            Section section = entry.section();
            Receiver receiver = receiver(section);
            if (!names.add(receiver.name())) {
                section.problem(
                        "is called '" + receiver.name() + "' as another one is", "give every receiver its own name");
            }
            section.end();
            receivers.add(receiver);
        }
        return receivers;
    }

    private static Receiver receiver(Section section) {
        Entry address = section.need("mllp", "127.0.0.1:2575");
        Matcher parts = ADDRESS.matcher(address.text());
        boolean isAddress = parts.matches();
        String host = isAddress ? parts.group(1) : "localhost";
        int port = isAddress ? Integer.parseInt(parts.group(2)) : 1;
        if (!isAddress && !address.text().isEmpty()) {
            address.problem("is '" + address.text() + "'", "write HOST:PORT, such as 192.168.1.20:2575");
        } else if (port < 1 || port > PORT_MAX) {
            address.problem("has the port " + port, "write a port from 1 to 65535, such as 2575");
        }
        Keys tls = section.has("tls") ? keys(section.section("tls")) : null;
        boolean insecure = section.flag("insecure", false);
        if (tls == null && !insecure && !ConfigReader.isLoopback(host)) {
            address.problem("would send patient data without TLS", "add tls: {ca: FILE}, or insecure: true");
        }
        Set<String> sends = sends(section);
        return new Receiver(
                name(section, host, port),
                host.replaceAll("[\\[\\]]", ""),
                port,
                sends.contains(OBSERVATIONS),
                sends.contains(ALARMS),
                every(section),
                section.text("application", ""),
                section.text("facility", ""),
                tls,
                answer(section));
    }

    private static String name(Section section, String host, int port) {
        return section.get("name")
                .map(entry -> entry.text(NAME, "write small letters, digits and dashes, such as his"))
                .orElse(host.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + '-' + port);
    }

    private static Set<String> sends(Section section) {
        Set<String> sends = new HashSet<>();
        for (Entry entry : section.list("send")) {
            if (!entry.text().equals(OBSERVATIONS) && !entry.text().equals(ALARMS)) {
                entry.problem("is '" + entry.text() + "'", "write observations or alarms");
            }
            sends.add(entry.text());
        }
        return sends.isEmpty() ? Set.of(OBSERVATIONS, ALARMS) : sends;
    }

    private static long every(Section section) {
        long everyMs = section.millis("every", EVERY_MS);
        if (everyMs != 0 && (everyMs < EVERY_MS_MIN || everyMs > EVERY_MS_MAX)) {
            section.need("every", "60s").problem("is out of range", "write 0s for each set, or 1s to 1h, such as 60s");
            return EVERY_MS;
        }
        return everyMs;
    }

    private static long answer(Section section) {
        long answerMs = section.millis("answer", ANSWER_MS);
        if (answerMs < EVERY_MS_MIN || answerMs > ANSWER_MS_MAX) {
            section.need("answer", "10s").problem("is out of range", "write 1s to 5min, such as 10s");
            return ANSWER_MS;
        }
        return answerMs;
    }

    private static Keys keys(Section section) {
        @Nullable Path ca = section.get("ca").flatMap(ConfigReader::file).orElse(null);
        @Nullable Path key = section.get("key").flatMap(ConfigReader::file).orElse(null);
        section.end();
        return new Keys(ca, key);
    }
}
