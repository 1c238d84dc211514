package org.wasla.gateway.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Flow;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.Parity;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.Section;

/**
 * Reads the {@code link} of a device: the short form "serial:/dev/ttyUSB0", or keys that also set the line. What is not
 * written comes from the profile.
 */
public final class LinkReader {
    private LinkReader() {}

    /** @param profile null when the device's profile cannot be read; the line is checked all the same */
    public static Optional<LinkSettings> read(Entry entry, @Nullable Profile profile) {
        try {
            LinkSettings settings = entry.isText()
                    ? preset(LinkSettings.parse(withPort(entry.text(), profile)), profile)
                    : keys(entry, profile);
            if (settings instanceof SerialSettings serial && serial.path().indexOf('\0') >= 0) {
                entry.problem("is no path", "write \"serial:/dev/ttyUSB0\"");
                return Optional.empty();
            }
            return Optional.of(settings);
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            int cut = message.lastIndexOf("; ");
            entry.problem(
                    "is wrong: " + (cut < 0 ? message : message.substring(0, cut)),
                    cut < 0 ? "write \"serial:/dev/ttyUSB0\"" : message.substring(cut + 2));
            return Optional.empty();
        }
    }

    private static LinkSettings preset(LinkSettings settings, @Nullable Profile profile) {
        if (profile != null
                && settings instanceof SerialSettings serial
                && !profile.serialTries().isEmpty()) {
            return serial.withLine(profile.serialTries().get(0)).withFlow(profile.flow());
        }
        return settings;
    }

    /** A port that is not written is the profile's. */
    private static String withPort(String link, @Nullable Profile profile) {
        boolean isBare = link.startsWith("tcp:") && !link.equals("tcp:") && !link.matches(".*:\\d*");
        return isBare && profile != null && profile.tcpPort() > 0 ? link + ":" + profile.tcpPort() : link;
    }

    private static @Nullable String rs485(Section section) {
        Optional<Entry> output = section.get("rs485");
        if (output.isPresent() && !TwoWires.NAMES.contains(output.get().text())) {
            output.get()
                    .problem(
                            "is '" + output.get().text() + "', no output for directions",
                            "write one of " + String.join(", ", TwoWires.NAMES));
        }
        return output.map(Entry::text).filter(TwoWires.NAMES::contains).orElse(null);
    }

    private static LinkSettings keys(Entry entry, @Nullable Profile profile) {
        Section section = entry.section();
        boolean readOnly = section.flag("read-only", false);
        LinkSettings settings;
        if (section.has("serial")) {
            SerialSettings usual =
                    (SerialSettings) preset(LinkSettings.parse("serial:" + section.text("serial", "")), profile);
            settings = new SerialSettings(
                    usual.path(),
                    section.whole("baud", 300, 4_000_000, usual.baud()),
                    section.whole("data", 5, 8, usual.dataBits()),
                    section.has("parity") ? section.need("parity", "none").choice(Parity.class) : usual.parity(),
                    section.whole("stop", 1, 2, usual.stopBits()),
                    section.has("flow") ? section.need("flow", "none").choice(Flow.class) : usual.flow(),
                    readOnly,
                    rs485(section));
        } else if (section.has("tcp")) {
            settings = LinkSettings.parse(withPort("tcp:" + section.text("tcp", ""), profile))
                    .withReadOnly(readOnly);
        } else if (section.has("udp")) {
            settings = LinkSettings.parse("udp:" + section.text("udp", "")).withReadOnly(readOnly);
        } else if (section.has("listen")) {
            settings =
                    LinkSettings.parse("listen:" + section.text("listen", "")).withReadOnly(readOnly);
        } else {
            section.end();
            throw new IllegalArgumentException(
                    "it names no line; write {serial: /dev/ttyUSB0}, {tcp: \"HOST:PORT\"}, {udp: \"HOST:PORT\"} or {listen: PORT}");
        }
        section.end();
        return settings;
    }
}
