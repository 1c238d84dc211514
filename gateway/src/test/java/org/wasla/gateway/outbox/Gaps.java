package org.wasla.gateway.outbox;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gap events for tests, in the form of the contract. Stateless. */
public final class Gaps {

    private static final Pattern GAP =
            Pattern.compile("\"e\":\"gap\",\"of\":\"([^\"]+)\",\"from\":(\\d+),\"to\":(\\d+),\"why\":\"([a-z]+)\"");

    /** What a gap event says. */
    record Gap(String of, long from, long to, String why) {}

    private Gaps() {}

    /** For {@link Outbox#open}. */
    public static Draft event(String device, String kind, long from, long to, String why) {
        return event("", device, kind, from, to, why);
    }

    /** For {@link Outbox#open}, where somebody reads them who wants to know which gateway speaks. */
    public static GapEvents by(String gateway) {
        String source = "\"gw\":\"" + gateway + "\",";
        return (device, kind, from, to, why) -> event(source, device, kind, from, to, why);
    }

    private static Draft event(String source, String device, String kind, long from, long to, String why) {
        return new Draft(
                device,
                "evt",
                Urgency.RESULT,
                System.currentTimeMillis(),
                (epoch, seq) -> ("{" + source + "\"ep\":\"" + epoch
                                + "\",\"dev\":\"" + device + "\",\"k\":\"evt\",\"seq\":" + seq
                                + ",\"e\":\"gap\",\"of\":\"" + device
                                + "." + kind + "\",\"from\":" + from + ",\"to\":" + to + ",\"why\":\"" + why + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** For {@link BufferLook#verify}. */
    static GapReader.@Nullable Told told(byte[] payload) {
        Matcher found = GAP.matcher(new String(payload, StandardCharsets.UTF_8));
        if (!found.find()) {
            return null;
        }
        String of = found.group(1);
        int dot = of.lastIndexOf('.');
        return new GapReader.Told(
                of.substring(0, dot),
                of.substring(dot + 1),
                Long.parseLong(found.group(2)),
                Long.parseLong(found.group(3)));
    }

    /** The gaps that these entries tell, in order. */
    static List<Gap> of(List<Entry> entries) {
        return entries.stream()
                .map(entry -> GAP.matcher(Drafts.text(entry)))
                .filter(Matcher::find)
                .map(found -> new Gap(
                        found.group(1), Long.parseLong(found.group(2)), Long.parseLong(found.group(3)), found.group(4)))
                .toList();
    }
}
