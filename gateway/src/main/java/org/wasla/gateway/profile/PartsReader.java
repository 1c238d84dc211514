package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.message.Records;

/** Reads how the groups of a message are cut: {@code pairs}, {@code split}, {@code items}, {@code packed}, {@code list}. */
final class PartsReader {
    private static final Pattern PACKED = Pattern.compile("pack7");
    private static final Pattern KIND = Pattern.compile("phys|tech|adv");
    private static final Pattern PRIORITY = Pattern.compile("high|medium|low|none");
    private static final List<String> CUTS = List.of("pairs", "split", "items", "packed");

    private PartsReader() {}

    /** @param groups the named groups of the message's pattern */
    static List<Parts> read(Section message, List<String> groups) {
        List<Parts> parts = new ArrayList<>();
        if (message.has("pairs")) {
            parts.add(pairs(message.section("pairs"), groups));
        }
        if (message.has("split")) {
            parts.add(split(message.section("split"), groups));
        }
        if (message.has("items")) {
            parts.add(items(message.section("items"), groups));
        }
        if (message.has("packed")) {
            parts.add(packed(message.section("packed"), groups));
        }
        if (parts.size() > 1) {
            message.problem(
                    "has both "
                            + String.join(
                                    " and ", CUTS.stream().filter(message::has).toList()),
                    "keep one of them");
        }
        for (Entry entry : message.list("list")) {
            parts.add(list(entry.section(), groups));
        }
        Set<String> cut = new HashSet<>();
        for (Parts each : parts) {
            if (!cut.add(each.group()) && parts.size() > 1 && !each.group().isEmpty()) {
                message.problem("cuts the group '" + each.group() + "' twice", "give each its own group");
            }
        }
        return parts;
    }

    private static Parts pairs(Section pairs, List<String> groups) {
        Pattern between = pairs.has("between") ? pairs.need("between", "' +'").pattern() : Pattern.compile(" +");
        Parts read = new Parts.Pairs(group(pairs, "in", groups), between, mark(pairs, "assign", "="));
        pairs.end();
        return read;
    }

    private static Parts split(Section split, List<String> groups) {
        Parts read = new Parts.Split(
                group(split, "in", groups),
                mark(split, "by", ","),
                split.whole("first", 0, 9999, 1),
                widths(split.section("widths")),
                split.has("width") ? split.whole("width", 1, 9999, 1) : null);
        split.end();
        return read;
    }

    private static Parts items(Section items, List<String> groups) {
        Records records = records(items, List.of("key", "value"));
        List<String> named = MessageReader.groups(records.form());
        Map<String, String> units = null;
        if (named.contains("unit")) {
            units = words(
                    items.need("units", "{mmHg: 'mm[Hg]'}").section(), Pattern.compile(".+"), "write a UCUM unit");
        }
        Parts read = new Parts.Items(group(items, "in", groups), records, units, named.contains("part"));
        items.end();
        return read;
    }

    private static Parts packed(Section packed, List<String> groups) {
        packed.need("type", "pack7").text(PACKED, "write pack7");
        Parts read = new Parts.Packed(
                group(packed, "in", groups),
                packed.get("start").map(FrameReader::bytes).orElse(Bytes.NONE).latin1(),
                mark(packed),
                GuardReader.checks(packed),
                SeqReader.key(packed),
                SeqReader.fields(packed));
        packed.end();
        return read;
    }

    private static String mark(Section packed) {
        Entry end = packed.need("end", "\"\\r\"");
        String mark = end.isText() ? FrameReader.bytes(end).latin1() : "\r";
        if (mark.isEmpty() || mark.chars().anyMatch(c -> c > 0x7f)) {
            end.problem("may stand in what is packed", "write one or more bytes below 0x80, such as \"\\r\"");
            return "\r";
        }
        return mark;
    }

    private static Parts list(Section list, List<String> groups) {
        Records records = records(list, List.of("id"));
        Parts read = new Parts.AlarmList(
                group(list, "in", groups),
                list.need("name", "phys").text(MappingReader.NAME, "write small letters, digits and dashes"),
                records,
                MessageReader.groups(records.form()),
                priorities(list),
                list.need("kind", "phys").text(KIND, "write one of phys, tech, adv"),
                list.flag("complete", false));
        list.end();
        return read;
    }

    private static Map<String, String> priorities(Section list) {
        String remedy = "write one of high, medium, low, none";
        Entry priority = list.get("priority").orElse(null);
        if (priority == null) {
            return Map.of();
        }
        return priority.isText()
                ? Map.of("", priority.text(PRIORITY, remedy))
                : words(priority.section(), PRIORITY, remedy);
    }

    private static Map<String, String> words(Section section, Pattern form, String remedy) {
        Map<String, String> words = new HashMap<>();
        section.keys().forEach(key -> words.put(key, section.need(key, "medium").text(form, remedy)));
        return words;
    }

    private static Records records(Section section, List<String> needed) {
        Entry entry = section.need("pattern", "'(?<" + String.join(">..)(?<", needed) + ">.*)'");
        Pattern pattern = entry.isEmpty() ? Pattern.compile("") : entry.pattern();
        List<String> groups = MessageReader.groups(pattern);
        for (String group : needed) {
            if (!pattern.pattern().isEmpty() && !groups.contains(group)) {
                entry.problem("has no group '" + group + "'", "add (?<" + group + ">...) to it");
            }
        }
        Pattern between = section.get("between").map(Entry::pattern).orElse(null);
        String rest = section.text("rest", "refuse");
        if (!rest.equals("refuse") && !rest.equals("skip")) {
            section.need("rest", "skip").problem("is '" + rest + "'", "write skip or refuse");
        } else if (rest.equals("skip") && between == null) {
            section.problem("skips what lies between no marks", "add between: '\\r', or leave rest out");
        }
        return new Records(pattern, between, rest.equals("skip"));
    }

    private static String mark(Section section, String key, String otherwise) {
        String mark = section.text(key, otherwise);
        if (mark.isEmpty()) {
            section.need(key, otherwise).problem("is ''", "write at least one character, such as '" + otherwise + "'");
            return otherwise;
        }
        return mark;
    }

    private static Map<Integer, Integer> widths(Section section) {
        Map<Integer, Integer> widths = new HashMap<>();
        for (String key : section.keys()) {
            if (key.matches("\\d{1,4}")) {
                widths.put(Integer.valueOf(key), section.need(key, "6").whole(1, 9999));
            } else {
                section.problem("has the key '" + key + "'", "write the number of a field");
            }
        }
        return widths;
    }

    /** @return the group that the key names, one of the pattern's; another one, with a problem, when it is none */
    static String group(Section section, String key, List<String> groups) {
        Entry entry = section.need(key, groups.isEmpty() ? "body" : groups.get(groups.size() - 1));
        String name = entry.text();
        if (!name.isEmpty() && !groups.contains(name)) {
            entry.problem("is '" + name + "'", "write a named group of the pattern: " + String.join(", ", groups));
        }
        return groups.contains(name) || groups.isEmpty() ? name : groups.get(0);
    }
}
