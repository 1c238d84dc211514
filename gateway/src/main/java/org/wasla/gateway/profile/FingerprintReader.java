package org.wasla.gateway.profile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.profile.Fingerprint.Beacon;
import org.wasla.gateway.profile.Fingerprint.Probe;

/** Reads the {@code fingerprint} block of a profile. */
final class FingerprintReader {
    private static final Pattern GROUP = Pattern.compile("2(?:2[4-9]|3\\d)(?:\\.\\d{1,3}){3}");

    private FingerprintReader() {}

    /** @param messages what the grammar can hold; none for a codec, whose messages are not known beforehand */
    static Fingerprint read(Section profile, List<MessageSpec> messages) {
        if (!profile.has("fingerprint")) {
            return Fingerprint.NONE;
        }
        Section section = profile.section("fingerprint");
        int least = section.whole("least", 1, 100, 1);
        double most = section.get("most").map(FingerprintReader::share).orElse(1.0);
        Pattern knock = section.get("found").map(Entry::pattern).orElse(null);
        if (knock != null && knock.matcher("").find()) {
            section.need("found", "").problem("is found everywhere", "write what the device sends, such as '\\x05'");
        }
        Pattern needed = section.get("needed").map(Entry::pattern).orElse(null);
        if (needed != null && needed.matcher("").find()) {
            section.need("needed", "").problem("is found everywhere", "write what tells the device from others");
        }
        List<Probe> probes = new ArrayList<>();
        for (Entry entry : section.list("probe")) {
            Section probe = entry.section();
            probes.add(new Probe(question(probe), answers(probe, messages)));
            probe.end();
        }
        Beacon beacon = section.has("beacon") ? beacon(section.section("beacon")) : null;
        section.end();
        return new Fingerprint(least, most, knock, needed, probes, beacon);
    }

    private static double share(Entry entry) {
        BigDecimal share = entry.number();
        if (share.signum() <= 0 || share.compareTo(BigDecimal.ONE) > 0) {
            entry.problem("is " + share, "write a number above 0 and up to 1, such as 0.4");
        }
        return share.doubleValue();
    }

    private static Bytes question(Section probe) {
        Entry send = probe.need("send", "\"SNDA\\r\"");
        if (send.isEmpty()) {
            return Bytes.NONE;
        }
        Bytes bytes = FrameReader.bytes(send);
        if (send.isText() && bytes.size() == 0) {
            send.problem("is ''", "write the bytes that are asked with");
        }
        return bytes;
    }

    private static Set<String> answers(Section probe, List<MessageSpec> messages) {
        Set<String> ids = new HashSet<>();
        for (Entry entry : probe.list("answer")) {
            String id = entry.text();
            if (!messages.isEmpty()
                    && messages.stream().noneMatch(message -> message.id().equals(id))) {
                entry.problem("is '" + id + "'", "write the id of a message");
            }
            ids.add(id);
        }
        return ids;
    }

    private static Beacon beacon(Section section) {
        Entry port = section.need("port", "4600");
        Entry found = section.need("found", "'^MSH\\|'");
        Entry link = section.need("link", "'tcp:{host}:4601'");
        @Nullable
        String group = section.get("group")
                .map(entry -> entry.text(GROUP, "write a multicast address, such as 224.0.1.23"))
                .orElse(null);
        Beacon beacon = new Beacon(
                port.isEmpty() ? 1 : port.whole(1, 65_535),
                group,
                found.isEmpty() ? Pattern.compile("x") : found.pattern(),
                link.isEmpty() ? "" : link.text());
        section.end();
        return beacon;
    }
}
