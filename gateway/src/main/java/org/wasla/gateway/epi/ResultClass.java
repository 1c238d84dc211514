package org.wasla.gateway.epi;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.render.Tree;

/**
 * What a result says, in one word of a closed list: its own word where it is one that everybody writes, else the analyser's flag
 * (HL7 table 0078), else where it lies in the range that the analyser sent with it. Anything else has no class. Stateless.
 */
final class ResultClass {
    private static final String POSITIVE = "positive";
    private static final String NEGATIVE = "negative";
    private static final String INDETERMINATE = "indeterminate";
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("POSITIVE", POSITIVE),
            Map.entry("POSITIF", POSITIVE),
            Map.entry("POS", POSITIVE),
            Map.entry("DETECTED", POSITIVE),
            Map.entry("DETECTE", POSITIVE),
            Map.entry("REACTIVE", POSITIVE),
            Map.entry("REACTIF", POSITIVE),
            Map.entry("NEGATIVE", NEGATIVE),
            Map.entry("NEGATIF", NEGATIVE),
            Map.entry("NEG", NEGATIVE),
            Map.entry("NOT DETECTED", NEGATIVE),
            Map.entry("NON DETECTE", NEGATIVE),
            Map.entry("NONREACTIVE", NEGATIVE),
            Map.entry("NON REACTIVE", NEGATIVE),
            Map.entry("NON REACTIF", NEGATIVE),
            Map.entry("INDETERMINATE", INDETERMINATE),
            Map.entry("INDETERMINE", INDETERMINATE),
            Map.entry("EQUIVOCAL", INDETERMINATE),
            Map.entry("BORDERLINE", INDETERMINATE),
            Map.entry("DOUTEUX", INDETERMINATE));
    /** Semi-quantitative words of molecular and strip tests. */
    private static final Pattern SOME =
            Pattern.compile("DETECTED (TRACE|VERY LOW|LOW|MEDIUM|HIGH)|\\+{1,4}|\\+[1-4]|[1-4]\\+");

    /** SNOMED CT concepts that say the same. */
    private static final Map<String, String> CONCEPTS = Map.of(
            "10828004", POSITIVE,
            "260373001", POSITIVE,
            "260385009", NEGATIVE,
            "260415000", NEGATIVE,
            "82334004", INDETERMINATE);

    /** HL7 table 0078; those that only speak of the analyser's scale or of the result before are none. */
    private static final Map<String, String> FLAGS = Map.ofEntries(
            Map.entry("N", "normal"),
            Map.entry("L", "low"),
            Map.entry("H", "high"),
            Map.entry("LL", "critical-low"),
            Map.entry("HH", "critical-high"),
            Map.entry("A", "abnormal"),
            Map.entry("AA", "critical"),
            Map.entry("POS", POSITIVE),
            Map.entry("NEG", NEGATIVE),
            Map.entry("IND", INDETERMINATE),
            Map.entry("S", "susceptible"),
            Map.entry("I", "intermediate"),
            Map.entry("R", "resistant"));

    private static final Pattern RANGE =
            Pattern.compile("\\s*(-?\\d+(?:\\.\\d+)?)\\s*(?:-|to|\\.\\.)\\s*(-?\\d+(?:\\.\\d+)?)\\s*");

    private ResultClass() {}

    /** @return null where nothing says it */
    static @Nullable String of(Tree result) {
        String concept = Concept.of(result.text("s"));
        if (concept != null && CONCEPTS.containsKey(concept)) {
            return CONCEPTS.get(concept);
        }
        String word = word(result.text(result.has("i") ? "i" : "s"));
        if (word != null) {
            return word;
        }
        List<String> flags = flags(result.text("fl"));
        if (!flags.isEmpty()) {
            return ofFlags(flags);
        }
        return result.has("v") && !result.has("cmp") ? within(result) : null;
    }

    /** Whether a coded value is one of those that are a class. */
    static boolean isClass(String concept) {
        return CONCEPTS.containsKey(concept);
    }

    private static @Nullable String word(String text) {
        String plain = text.toUpperCase(Locale.ROOT)
                .replaceAll("[ÉÈÊ]", "E")
                .replace("NON-", "NON ")
                .strip();
        return SOME.matcher(plain).matches() ? POSITIVE : WORDS.get(plain);
    }

    private static List<String> flags(String marks) {
        List<String> flags = new ArrayList<>();
        for (String mark : marks.split("[~\\\\^,; ]+")) {
            if (!mark.isEmpty()) {
                flags.add(mark);
            }
        }
        return flags;
    }

    /** Several that agree are one; what is beside them may say anything. */
    private static @Nullable String ofFlags(List<String> flags) {
        List<String> known = flags.stream()
                .filter(FLAGS::containsKey)
                .map(FLAGS::get)
                .distinct()
                .toList();
        if (known.size() == 2 && known.contains("abnormal")) {
            return known.get(known.indexOf("abnormal") == 0 ? 1 : 0);
        }
        return known.size() == 1 ? known.get(0) : null;
    }

    private static @Nullable String within(Tree result) {
        BigDecimal value = new BigDecimal(result.text("v"));
        int critical = side(value, result.text("crit"));
        if (critical == -1 || critical == 1) {
            return critical < 0 ? "critical-low" : "critical-high";
        }
        return switch (side(value, result.text("ref"))) {
            case -1 -> "low";
            case 0 -> "normal";
            case 1 -> "high";
            default -> null;
        };
    }

    /** @return -1 below, 0 within, 1 above, 2 where the text is no range */
    private static int side(BigDecimal value, String range) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            return 2;
        }
        BigDecimal low = new BigDecimal(matcher.group(1));
        BigDecimal high = new BigDecimal(matcher.group(2));
        if (low.compareTo(high) > 0) {
            return 2;
        }
        return value.compareTo(low) < 0 ? -1 : value.compareTo(high) > 0 ? 1 : 0;
    }
}
