package org.wasla.gateway.observation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Mapping.Absent;

/**
 * What results of analyses mean. Places are names of the message's single values, such as {@code O.3} or {@code
 * O.3.2}; of several the first that is not empty counts. Immutable; the {@code results} block of a profile.
 *
 * @param specimen,order places of the ids of specimen and order
 * @param patient places of an id of the patient; never published, it is for associations
 * @param time places of the device's time of the message
 * @param control what tells that a control was measured
 * @param flags what the device says about its values, the first that holds counts
 * @param code what of a test's code the tests are looked up by: the first group
 * @param value what of a text is the value: the first group; the second, if any, is the unit where none stands beside it
 * @param tests the tests that the profile knows, by code
 * @param units the UCUM unit by the device's spelling; an empty one says that the text is no unit
 * @param absent texts that mean "no value", the first that matches counts
 * @param statuses what is published for a status of the device; others are published as sent
 * @param aliasIsLoinc whether the second code of a test is a LOINC code
 * @param notes which comments are published: anybody may have written a name there
 * @param about what else of the message is published, by name, with its places
 * @param isTyped whether the patient's number is entered at the device, so that it says on whom the device is
 * @param findings of messages that are single values: which of them make a result
 */
public record ResultRules(
        List<String> specimen,
        List<String> order,
        List<String> patient,
        List<String> time,
        List<Sign> control,
        List<FlagRule> flags,
        Pattern code,
        Pattern value,
        Map<String, Test> tests,
        Map<String, String> units,
        List<Absent> absent,
        Map<String, String> statuses,
        boolean aliasIsLoinc,
        Notes notes,
        Map<String, List<String>> about,
        boolean isTyped,
        List<FindingRule> findings) {
    /** A text as a whole. */
    public static final Pattern WHOLE = Pattern.compile("(.*)", Pattern.DOTALL);

    /** Knows nothing: results pass through as sent. */
    public static final ResultRules NONE = new ResultRules(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            WHOLE,
            WHOLE,
            Map.of(),
            Map.of(),
            List.of(),
            Map.of(),
            false,
            Notes.NONE,
            Map.of(),
            false,
            List.of());

    public ResultRules {
        specimen = List.copyOf(specimen);
        order = List.copyOf(order);
        patient = List.copyOf(patient);
        time = List.copyOf(time);
        control = List.copyOf(control);
        flags = List.copyOf(flags);
        tests = Map.copyOf(tests);
        units = Map.copyOf(units);
        absent = List.copyOf(absent);
        statuses = Map.copyOf(statuses);
        about = Collections.unmodifiableMap(new LinkedHashMap<>(about));
        findings = List.copyOf(findings);
    }

    /** Which comments are published. */
    public enum Notes {
        NONE,
        /** Those on a result, where the analyser itself writes them. */
        RESULTS,
        /** Those on specimen and order too. */
        ALL
    }

    /**
     * The names of the single values that make a result; null where there is none.
     *
     * @param code without a text there the message holds no such result
     * @param call the qualitative part beside the value
     */
    public record FindingRule(
            String code,
            String value,
            @Nullable String call,
            @Nullable String title,
            @Nullable String unit,
            @Nullable String range,
            @Nullable String marks,
            @Nullable String status,
            @Nullable String method) {}

    /** A part of the result itself, where a sign may stand instead of in a place of the message. */
    public enum Part {
        CODE,
        VALUE,
        UNIT,
        MARKS,
        STATUS,
        METHOD,
        COMMENT
    }

    /**
     * The pattern is found in a text.
     *
     * @param place a place of the message, or null
     * @param part the part of the result when there is no place
     */
    public record Sign(@Nullable String place, Part part, Pattern found) {}

    /** A sign that puts a flag on values. */
    public record FlagRule(Sign sign, Flag flag, String why) {}

    /**
     * A test that the profile knows.
     *
     * @param name short name, or null
     * @param code MDC code, or null
     * @param loinc the LOINC code for each UCUM unit; under "" for any unit
     */
    public record Test(@Nullable String name, @Nullable Integer code, Map<String, String> loinc) {
        public Test {
            loinc = Map.copyOf(loinc);
        }

        @Nullable
        String loinc(@Nullable String unit) {
            String any = loinc.get("");
            return unit == null ? any : loinc.getOrDefault(unit, any);
        }
    }
}
