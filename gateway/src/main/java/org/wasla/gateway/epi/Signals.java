package org.wasla.gateway.epi;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.indicators.FinalResult;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.observation.Loinc;
import org.wasla.gateway.render.Tree;

/**
 * Makes signals of records of results ({@code ops/contract/epi.schema.json}). A signal is put together from closed lists and
 * checked codes alone: no text of a device or a person comes into one. Immutable.
 *
 * @param region of the gateway
 * @param site class of the site, null where the configuration names none
 * @param zone in which weeks begin
 */
public record Signals(String region, @Nullable String site, ZoneId zone) {
    /** How signals are made; another way is another version. */
    public static final String METHOD = "wasla-epi@1";
    /** A correction may come so many days after what it corrects. */
    private static final int CORRECTED_DAYS = 7;

    /**
     * What is known of the patient of a specimen. Clear text: nothing of it but a class of ages and a sex goes on.
     *
     * @param birth date, its year and month, or its year; may be empty
     * @param sex as HL7 table 0001; may be empty
     */
    public record Whose(String birth, String sex) {
        public static final Whose UNKNOWN = new Whose("", "");

        @Override
        public String toString() {
            return "Whose[hidden]";
        }
    }

    /**
     * One result. Immutable.
     *
     * @param names by which the same result is known when it comes again, the first this day's; they hold clear text, and
     *     stay in the box in no other form than a keyed sum
     */
    public record Signal(
            List<String> names,
            String loinc,
            @Nullable String result,
            @Nullable String concept,
            @Nullable String age,
            @Nullable String sex,
            @Nullable String week) {
        public Signal {
            names = List.copyOf(names);
        }

        @Override
        public String toString() {
            return "Signal[" + loinc + "]";
        }
    }

    /** The signals of one record: of each final result of a patient's specimen that has a LOINC code. */
    public List<Signal> of(Tree record, Whose whose) {
        List<Signal> signals = new ArrayList<>();
        if (!record.text("k").equals("res") || !FinalResult.isOfSpecimen(record)) {
            return signals;
        }
        LocalDate day = Instant.ofEpochMilli(record.whole("t")).atZone(zone).toLocalDate();
        // A box that does not know the time does not know the week, nor how old anybody is.
        Tree clock = record.tree("clk");
        boolean isDated = clock != null && !clock.text("s").equals("unsync");
        for (Tree result : record.trees("res")) {
            String loinc = result.text("l");
            List<String> names = names(record, result, day);
            if (FinalResult.is(result) && Loinc.isValid(loinc) && !names.isEmpty()) {
                String concept = Concept.of(result.text("s"));
                signals.add(new Signal(
                        names,
                        loinc,
                        ResultClass.of(result),
                        concept == null || ResultClass.isClass(concept) ? null : concept,
                        isDated ? AgeBand.of(whose.birth(), day) : null,
                        whose.sex().equals("F") || whose.sex().equals("M") ? whose.sex() : null,
                        isDated ? week(day) : null));
            }
        }
        return signals;
    }

    private static String week(LocalDate day) {
        return String.format(
                Locale.ROOT,
                "%04d-W%02d",
                day.get(IsoFields.WEEK_BASED_YEAR),
                day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }

    /**
     * The same test on the same specimen on the same day is the same result, whichever comes last. Numbers of specimens come
     * again: only a correction looks further back. Without a specimen nothing can be known again, and a correction is left out.
     */
    private static List<String> names(Tree record, Tree result, LocalDate day) {
        boolean isCorrection = FinalResult.isCorrection(result);
        String test = record.text("dev") + '\n' + result.text("r") + '\n' + result.text("l");
        if (record.text("sp").isBlank()) {
            return isCorrection ? List.of() : List.of(test + '\n' + record.text("id"));
        }
        List<String> names = new ArrayList<>();
        for (int ago = 0; ago <= (isCorrection ? CORRECTED_DAYS : 0); ago++) {
            names.add(test + '\n' + record.text("sp") + '\n' + day.minusDays(ago));
        }
        return names;
    }

    /**
     * What is published of a signal.
     *
     * @param id random, so that one that comes twice counts once and says nothing else
     */
    String document(Signal signal, String id) {
        return JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("id", id);
            json.writeStringField("method", METHOD);
            json.writeStringField("region", region);
            if (site != null) {
                json.writeStringField("site", site);
            }
            if (signal.week() != null) {
                json.writeStringField("wk", signal.week());
            }
            json.writeStringField("l", signal.loinc());
            if (signal.result() != null) {
                json.writeStringField("cl", signal.result());
            }
            if (signal.concept() != null) {
                json.writeStringField("sct", signal.concept());
            }
            if (signal.age() != null) {
                json.writeStringField("age", signal.age());
            }
            if (signal.sex() != null) {
                json.writeStringField("sex", signal.sex());
            }
            // Nothing is suppressed here: a box sees too little to know what is rare in a region.
            json.writeNumberField("least", 1);
        });
    }
}
