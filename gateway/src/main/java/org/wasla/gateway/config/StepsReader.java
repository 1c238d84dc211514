package org.wasla.gateway.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.imaging.StepSettings;
import org.wasla.gateway.imaging.StepSettings.Address;
import org.wasla.gateway.imaging.StepSettings.Upstream;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;

/** Reads how steps, commitment and worklist are served: {@code commit}, {@code charset} and {@code worklist}. Stateless. */
final class StepsReader {
    private static final Pattern ADDRESS = Pattern.compile("(?:([A-Za-z0-9.-]+|\\[[0-9a-f:]+]):)?(\\d{1,5})");
    private static final Pattern CHARSET =
            Pattern.compile("ISO_IR (6|100|101|109|110|126|127|138|144|148|166|192|203)");
    private static final int PORT_MAX = 65_535;
    private static final long EVERY_MS = 60_000;
    private static final long EVERY_MS_MIN = 1_000;

    private StepsReader() {}

    static StepSettings read(Section dicom) {
        Map<String, Address> reports = new HashMap<>();
        Section commit = dicom.section("commit");
        for (String title : commit.keys()) {
            Entry entry = commit.need(title, "10.0.0.5:104");
            address(entry, entry.text(), "write HOST:PORT, or a port on the address that the request came from")
                    .ifPresent(address -> reports.put(title(entry, title), address));
        }
        commit.end();
        Map<String, String> charsets = new HashMap<>();
        Section charset = dicom.section("charset");
        for (String title : charset.keys()) {
            Entry entry = charset.need(title, "ISO_IR 100");
            charsets.put(title(entry, title), entry.text(CHARSET, "write ISO_IR 100, ISO_IR 192 or the like"));
        }
        charset.end();
        return new StepSettings(reports, charsets, dicom.has("worklist") ? upstream(dicom.section("worklist")) : null);
    }

    private static String title(Entry entry, String title) {
        if (!DicomReader.TITLE.matcher(title).matches()) {
            entry.problem("is of '" + title + "'", "name a title of 1 to 16 characters");
        }
        return title;
    }

    private static Optional<Address> address(Entry entry, String text, String remedy) {
        Matcher parts = ADDRESS.matcher(text);
        int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
        if (port < 1 || port > PORT_MAX) {
            entry.problem("is '" + text + "'", remedy);
            return Optional.empty();
        }
        String host = parts.group(1);
        return Optional.of(new Address(host == null ? "" : host.replaceAll("[\\[\\]]", ""), port));
    }

    private static @Nullable Upstream upstream(Section section) {
        String example = "RIS@10.0.0.5:104";
        Entry from = section.need("from", example);
        String text = from.text();
        long everyMs = section.millis("every", EVERY_MS);
        if (everyMs < EVERY_MS_MIN) {
            section.need("every", "60s").problem("is too short", "write at least 1s");
        }
        section.end();
        int at = text.indexOf('@');
        String title = text.substring(0, Math.max(0, at));
        Optional<Address> address = address(from, text.substring(at + 1), "write TITLE@HOST:PORT, such as " + example);
        if (address.isPresent()
                && (address.get().host().isEmpty()
                        || !DicomReader.TITLE.matcher(title).matches())) {
            from.problem("is '" + text + "'", "write TITLE@HOST:PORT, such as " + example);
            return null;
        }
        return address.map(to -> new Upstream(title, to, everyMs)).orElse(null);
    }
}
