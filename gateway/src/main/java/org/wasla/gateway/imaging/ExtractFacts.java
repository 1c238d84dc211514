package org.wasla.gateway.imaging;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;

/**
 * What the header of an object says of its study, its series and itself (PS3.3 C.7). What says who the patient is stands
 * apart, in {@link ExtractIdentity}. Pure.
 */
final class ExtractFacts {
    private static final int ZONE = 0x0008_0201;
    private static final Pattern DATE_TIME = Pattern.compile("(\\d{8}(?:\\d{2}){0,3})(\\.\\d{1,6})?([+-]\\d{4})?");
    private static final Pattern ZONE_TEXT = Pattern.compile("[+-]\\d{4}");

    private ExtractFacts() {}

    /** @param tag of the text, or of the code sequence */
    private record Fact(String name, int tag) {}

    private static final List<Fact> STUDY = List.of(
            new Fact("uid", 0x0020_000d),
            new Fact("id", 0x0020_0010),
            new Fact("acc", 0x0008_0050),
            new Fact("desc", 0x0008_1030),
            new Fact("proc", 0x0008_1032),
            new Fact("requested", 0x0032_1060),
            new Fact("requested-code", 0x0032_1064));

    private static final List<Fact> SERIES = List.of(
            new Fact("uid", 0x0020_000e),
            new Fact("no", 0x0020_0011),
            new Fact("mod", 0x0008_0060),
            new Fact("desc", 0x0008_103e),
            new Fact("body", 0x0018_0015),
            new Fact("lat", 0x0020_0060),
            new Fact("view", 0x0018_5101),
            new Fact("position", 0x0018_5100),
            new Fact("contrast", 0x0018_0010),
            new Fact("sequence", 0x0018_0024),
            new Fact("kernel", 0x0018_1210),
            new Fact("transducer", 0x0018_5010),
            new Fact("protocol", 0x0018_1030),
            new Fact("frame-of-reference", 0x0020_0052),
            new Fact("step", 0x0040_0253),
            new Fact("step-desc", 0x0040_0254),
            new Fact("maker", 0x0008_0070),
            new Fact("model", 0x0008_1090),
            new Fact("serial", 0x0018_1000),
            new Fact("sw", 0x0018_1020),
            new Fact("station", 0x0008_1010),
            new Fact("department", 0x0008_1040),
            new Fact("institution", 0x0008_0080));

    /** Of the request that the series answers, which stands in a sequence. */
    private static final List<Fact> REQUEST = List.of(
            new Fact("requested-id", 0x0040_1001),
            new Fact("scheduled-id", 0x0040_0009),
            new Fact("scheduled-desc", 0x0040_0007));

    private static final List<Fact> INSTANCE = List.of(
            new Fact("uid", 0x0008_0018),
            new Fact("class", 0x0008_0016),
            new Fact("no", 0x0020_0013),
            new Fact("frames", 0x0028_0008),
            new Fact("rows", 0x0028_0010),
            new Fact("cols", 0x0028_0011),
            new Fact("samples", 0x0028_0002),
            new Fact("photometric", 0x0028_0004),
            new Fact("bits", 0x0028_0101),
            new Fact("lossy", 0x0028_2110),
            new Fact("thickness", 0x0018_0050),
            new Fact("conversion", 0x0008_0064),
            new Fact("burned-in", 0x0028_0301),
            new Fact("title", 0x0042_0010));

    static Map<String, String> study(DataSet data) {
        Map<String, String> facts = read(data, STUDY);
        DataSet issuer = data.item(0x0008_0051);
        put(
                facts,
                "acc-issuer",
                issuer.text(0x0040_0032) == null ? issuer.text(0x0040_0031) : issuer.text(0x0040_0032));
        put(facts, "t", time(data, 0x0008_0020, 0x0008_0030));
        return Collections.unmodifiableMap(facts);
    }

    static Map<String, String> series(DataSet data) {
        Map<String, String> facts = read(data, SERIES);
        facts.putAll(read(data.item(0x0040_0275), REQUEST));
        put(facts, "pharmaceutical", data.item(0x0054_0016).text(0x0018_0031));
        put(facts, "t", time(data, 0x0008_0021, 0x0008_0031));
        return Collections.unmodifiableMap(facts);
    }

    static Map<String, String> instance(DataSet data, @Nullable String transferSyntax) {
        Map<String, String> facts = read(data, INSTANCE);
        List<String> types = data.texts(0x0008_0008);
        put(facts, "type", types.isEmpty() ? null : String.join("\\", types));
        put(facts, "ts", transferSyntax);
        String acquired = iso(data.text(0x0008_002a), data.text(ZONE));
        put(facts, "t", acquired != null ? acquired : time(data, 0x0008_0022, 0x0008_0032));
        put(facts, "content-t", time(data, 0x0008_0023, 0x0008_0033));
        return Collections.unmodifiableMap(facts);
    }

    /** @return the first value, or the code with its words, of each that is there */
    private static Map<String, String> read(DataSet data, List<Fact> facts) {
        Map<String, String> read = new LinkedHashMap<>();
        for (Fact fact : facts) {
            ExtractCode code = ExtractCode.of(data, fact.tag());
            put(read, fact.name(), code == null ? data.text(fact.tag()) : code.spoken());
        }
        return read;
    }

    static void put(Map<String, String> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.put(name, value);
        }
    }

    /** @return date and time as ISO 8601, the zone only where it was sent; null without a date */
    static @Nullable String time(DataSet data, int date, int time) {
        String day = data.text(date);
        String clock = data.text(time);
        return day == null || day.length() != 8 ? null : iso(clock == null ? day : day + clock, data.text(ZONE));
    }

    /** @param sent YYYYMMDDHHMMSS.FFFFFF+ZZZZ from the day on as far as the sender went */
    static @Nullable String iso(@Nullable String sent, @Nullable String zone) {
        Matcher parts = DATE_TIME.matcher(sent == null ? "" : sent);
        if (!parts.matches()) {
            return null;
        }
        String digits = parts.group(1);
        String fraction = parts.group(2) == null ? "" : parts.group(2);
        String offset = parts.group(3) != null ? parts.group(3) : zone == null ? "" : zone;
        StringBuilder iso = new StringBuilder(digits.substring(0, 4))
                .append('-')
                .append(digits, 4, 6)
                .append('-')
                .append(digits, 6, 8);
        if (digits.length() < 12) {
            return iso.toString();
        }
        iso.append('T').append(digits, 8, 10).append(':').append(digits, 10, 12);
        if (digits.length() > 12) {
            iso.append(':').append(digits, 12, 14).append(fraction);
        }
        boolean isZone = ZONE_TEXT.matcher(offset).matches();
        return isZone ? iso + offset.substring(0, 3) + ":" + offset.substring(3) : iso.toString();
    }
}
