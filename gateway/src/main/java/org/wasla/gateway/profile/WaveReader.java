package org.wasla.gateway.profile;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.observation.Mapping.By;
import org.wasla.gateway.observation.Mapping.Counter;
import org.wasla.gateway.observation.Mapping.Form;
import org.wasla.gateway.observation.Mapping.Formula;
import org.wasla.gateway.observation.Mapping.Rule;
import org.wasla.gateway.observation.Mapping.Target;
import org.wasla.gateway.observation.Mapping.WaveRule;
import org.wasla.gateway.observation.Observation.Meaning;

/** Reads the entries of {@code waves}. */
final class WaveReader {
    private static final Pattern HZ = Pattern.compile("\\d+(\\.\\d+)?|told");
    private static final Pattern ANY_TEXT = Pattern.compile(".*");
    private final MappingReader mapping;
    private final List<MessageSpec> messages;

    /** @param messages what the grammar can hold; none for a codec */
    WaveReader(MappingReader mapping, List<MessageSpec> messages) {
        this.mapping = mapping;
        this.messages = messages;
    }

    WaveRule read(Section section) {
        Target target = mapping.target(section);
        Meaning meaning = mapping.meaning(section, target.field());
        if (messages.isEmpty() && !section.has("hz") && !section.has("range")) {
            // A codec's samples come with their scale.
            section.end();
            return new WaveRule(target, meaning, "0", 0, 0);
        }
        String hz = hz(section, target);
        int told = section.told();
        List<Entry> range = section.need("range", "[0, 255]").list();
        if (range.size() != 2 && section.told() == told) {
            section.problem("has no range of two numbers", "write range: [0, 255]");
        }
        int low = range.isEmpty() ? 0 : range.get(0).whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
        int high = range.size() < 2 ? 0 : range.get(1).whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (section.told() == told && low > high) {
            MappingReader.upsideDown(section);
        }
        Formula formula = MappingReader.formula(section, new Formula(null, null, null, null));
        Scale scale = new Scale(hz, scaled(low, formula), scaled(high, formula), low, high, null);
        @Nullable By by = mapping.by(section, new Rule(target, meaning, new Form.Text(ANY_TEXT), List.of()));
        int gather = section.whole("gather", 1, 10_000, 1);
        Counter counter = section.has("counter") ? counter(section.section("counter"), target) : null;
        section.end();
        return new WaveRule(target, meaning, scale, by, gather, counter);
    }

    private String hz(Section section, Target target) {
        Entry hz = section.need("hz", "75");
        String text = hz.text(HZ, "write samples a second, such as 62.5, or told");
        boolean isTold = messages.stream()
                .filter(spec -> target.messages().isEmpty() || target.messages().contains(spec.id()))
                .anyMatch(spec -> SeqReader.tellsRate(spec, target.field()));
        if (text.equals("told") && !isTold) {
            hz.problem("is told by no message", "write samples a second, or add hz to the field in seq");
        }
        return text.equals("told") ? "0" : text;
    }

    private Counter counter(Section section, Target target) {
        String field = section.need("field", "number").text();
        if (!field.isEmpty() && !mapping.isReachable(target.messages(), field)) {
            section.need("field", "").problem("is '" + field + "', which no message has", "write a field of a message");
        }
        Counter counter = new Counter(field, section.need("modulo", "256").whole(2, 65_536));
        section.end();
        return counter;
    }

    private static String scaled(int raw, Formula formula) {
        BigDecimal value = BigDecimal.valueOf(raw);
        value = formula.scale() == null ? value : value.multiply(formula.scale());
        value = formula.offset() == null ? value : value.add(formula.offset());
        return value.stripTrailingZeros().toPlainString();
    }
}
