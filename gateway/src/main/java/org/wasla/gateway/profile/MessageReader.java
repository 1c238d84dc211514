package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Letters;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.MessageSpec.Count;
import org.wasla.gateway.message.MessageSpec.Fit;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.message.When;

/** Reads the {@code message} list of a profile. */
final class MessageReader {
    private static final String EXAMPLE = "[{id: row, pattern: '(?<spo2>\\d+)'}]";
    private static final Pattern GROUP = Pattern.compile("\\(\\?<([a-zA-Z][a-zA-Z0-9]*)>");

    private MessageReader() {}

    /** @param frameBytesMax the most bytes a frame may hold, or 0 when that is not known */
    static List<MessageSpec> read(Section profile, int frameBytesMax) {
        List<MessageSpec> messages = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Entry list = profile.need("message", EXAMPLE);
        for (Entry entry : list.list()) {
            MessageSpec message = message(entry.section(), frameBytesMax);
            if (!message.id().isEmpty() && !ids.add(message.id())) {
                entry.problem("has the id '" + message.id() + "' a second time", "give every message its own id");
            }
            messages.add(message);
        }
        if (list.isEmptyList()) {
            list.problem("names no message", "write " + EXAMPLE);
        }
        return messages;
    }

    /** Whether a message of this kind may hold the field; of one that could not be read nothing is said. */
    static boolean mayHave(MessageSpec spec, String field) {
        Pattern pattern = spec.pattern();
        boolean unreadable =
                pattern == null ? spec.seq().isEmpty() : pattern.pattern().isEmpty();
        if (unreadable || spec.parts().stream().anyMatch(parts -> hasAnyName(parts, field))) {
            return true;
        }
        boolean isPacked = spec.parts().stream()
                .anyMatch(parts -> parts instanceof Parts.Packed packed
                        && SeqReader.find(packed.key(), packed.seq(), field) != null);
        return isPacked
                || spec.cut(field) == null && spec.groups().contains(field)
                || spec.seq().stream().anyMatch(part -> SeqReader.mayHave(part, field));
    }

    private static boolean hasAnyName(Parts parts, String field) {
        return parts instanceof Parts.Pairs
                || parts instanceof Parts.Items
                || parts instanceof Parts.Split split
                        && field.matches("\\d{1,5}")
                        && Integer.parseInt(field) >= split.first();
    }

    private static MessageSpec message(Section section, int frameBytesMax) {
        String id = section.need("id", "row").text(MappingReader.NAME, "write small letters, digits and dashes");
        Pattern pattern = section.get("pattern").map(Entry::pattern).orElse(null);
        List<String> groups = groups(pattern);
        MessageSpec message = new MessageSpec(
                id,
                pattern,
                groups,
                PartsReader.read(section, groups),
                counts(section, groups),
                SeqReader.read(section, frameBytesMax),
                section.texts("required"),
                section.has("skip") ? section.text("skip", "") : null,
                section.has("part") ? section.text("part", "") : null,
                section.has("charset") ? section.need("charset", "utf-8").choice(Letters.class) : Letters.ASCII,
                fit(section));
        List<Entry> needed = new ArrayList<>(section.list("required"));
        section.get("part").ifPresent(needed::add);
        for (Entry required : needed) {
            if (!mayHave(message, required.text())) {
                required.problem(
                        "is '" + required.text() + "', which the message cannot have",
                        "write a field of the message, or correct its spelling");
            }
        }
        if (pattern == null && message.seq().isEmpty()) {
            section.problem("says not how its fields are found", "write pattern (text) or seq (binary)");
        }
        boolean hasItemParts =
                message.parts().stream().anyMatch(parts -> parts instanceof Parts.Items items && items.hasPart());
        if (message.part() != null && hasItemParts) {
            section.problem("says twice of which device it is", "keep part, or the group part of items");
        }
        section.end();
        return message;
    }

    private static Fit fit(Section section) {
        List<When> when = SeqReader.conditions(section, -65_536);
        List<Entry> size = section.list("size");
        if (size.size() > 2) {
            section.need("size", "27").problem("has " + size.size() + " numbers", "write N, or [shortest, longest]");
        }
        int least = size.isEmpty() ? 0 : size.get(0).whole(1, 65_536);
        int most =
                size.isEmpty() ? Integer.MAX_VALUE : size.get(size.size() - 1).whole(1, 65_536);
        if (!section.has("seq") && !(when.isEmpty() && size.isEmpty())) {
            section.problem(
                    "has when or size beside a pattern", "leave them out: the pattern says which frames it means");
        }
        return new Fit(when, least, most);
    }

    static List<String> groups(@Nullable Pattern pattern) {
        List<String> groups = new ArrayList<>();
        Matcher matcher = GROUP.matcher(pattern == null ? "" : pattern.pattern());
        while (matcher.find()) {
            groups.add(matcher.group(1));
        }
        return groups;
    }

    private static List<Count> counts(Section message, List<String> groups) {
        List<Count> counts = new ArrayList<>();
        for (Entry entry : message.list("count")) {
            Section count = entry.section();
            counts.add(new Count(
                    PartsReader.group(count, "of", groups),
                    count.need("unit", "bytes").choice(Count.Unit.class),
                    PartsReader.group(count, "is", groups)));
            count.end();
        }
        return counts;
    }
}
