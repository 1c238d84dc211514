package org.wasla.gateway.imaging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.imaging.ExtractMeasure.Value;
import org.wasla.gateway.observation.Examination;
import org.wasla.gateway.observation.Flag;
import org.wasla.gateway.observation.Observation;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.Result;

/**
 * Makes records of what an object says: results for measurements, dose and documents, waves for waveforms, and what events
 * of studies tell. Texts in which the patient's own id or name stands are withheld. Pure.
 */
public final class ObjectRecords {
    /** Results in one record; a report with more becomes several. */
    static final int RESULTS_MAX = 200;

    /** A longer text is not told: a record has to fit the buffer and the broker. */
    static final int TEXT_CHARS_MAX = 16_000;

    private static final int RECORD_CHARS_MAX = 60_000;
    private static final int FACT_CHARS_MAX = 1_024;

    /** They are no words, and say of nobody who he is. */
    private static final Set<String> NUMBERS = Set.of("uid", "class", "ts", "frame-of-reference");

    private ObjectRecords() {}

    /**
     * @param file the object's, below the store's folder
     * @param differs whether another object with other bytes had the same instance UID before
     * @return its records, none where nothing was measured
     */
    public static List<RecordBody> of(Extract extract, String file, boolean differs) {
        List<String> marks = new ArrayList<>(extract.marks());
        if (differs) {
            marks.add("differs");
        }
        Extract.Document wrapped = extract.document();
        Examination.Document document =
                wrapped == null ? null : new Examination.Document(wrapped.type(), file, wrapped.at(), wrapped.length());
        ExtractIdentity whose = extract.identity();
        Examination exam = new Examination(
                study(extract),
                told(extract.series(), whose),
                told(extract.instance(), whose),
                Map.of(),
                document,
                marks,
                1,
                1);
        List<RecordBody> bodies = new ArrayList<>(results(extract, exam));
        bodies.addAll(waves(extract, exam));
        return List.copyOf(bodies);
    }

    /** @return what events of the study tell of it */
    static Studies.Known known(Extract extract) {
        return new Studies.Known(study(extract), told(extract.series(), extract.identity()), extract.marks());
    }

    private static Map<String, String> study(Extract extract) {
        Map<String, String> study = new LinkedHashMap<>();
        told(extract.study(), extract.identity())
                .forEach((name, fact) -> study.put(
                        switch (name) {
                            case "uid" -> "study";
                            case "id" -> "study-id";
                            case "t" -> "begun";
                            default -> name;
                        },
                        fact));
        return study;
    }

    private static Map<String, String> told(Map<String, String> facts, ExtractIdentity whose) {
        Map<String, String> told = new LinkedHashMap<>(facts);
        told.entrySet()
                .removeIf(fact -> fact.getValue().length() > FACT_CHARS_MAX
                        || !NUMBERS.contains(fact.getKey()) && whose.isNamedIn(fact.getValue()));
        return told;
    }

    private static List<RecordBody> results(Extract extract, Examination exam) {
        if (extract.measures().isEmpty() && exam.document() == null) {
            return List.of();
        }
        List<List<Result>> parts = new ArrayList<>();
        List<Result> part = new ArrayList<>();
        int chars = 0;
        for (ExtractMeasure measure : extract.measures()) {
            Result result = result(measure, extract.identity());
            int more = chars(result);
            if (!part.isEmpty() && (part.size() == RESULTS_MAX || chars + more > RECORD_CHARS_MAX)) {
                parts.add(part);
                part = new ArrayList<>();
                chars = 0;
            }
            part.add(result);
            chars += more;
        }
        parts.add(part);
        List<RecordBody> bodies = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            RecordBody body = new RecordBody.Results(null, null, false, parts.get(i), List.of());
            bodies.add(new RecordBody.Examined(exam.part(i + 1, parts.size()), body));
        }
        return bodies;
    }

    private static Result result(ExtractMeasure measure, ExtractIdentity whose) {
        Value value = measure.value();
        ExtractUnit unit = value instanceof Value.Number number ? number.unit() : ExtractUnit.NONE;
        ExtractCode code = measure.what();
        Meaning what =
                new Meaning(measure.at(), fact(code.id()), code.mdc(), measure.name(), code.loinc(), unit.ucum(), null);
        String title = code.meaning();
        return new Result(
                observation(what, value, whose),
                title == null || title.length() > FACT_CHARS_MAX ? null : title,
                null,
                null,
                null,
                null,
                unit.sent() == null ? null : fact(unit.sent()),
                null,
                null,
                null,
                null,
                List.of(),
                new Result.Place(
                        measure.at(),
                        measure.within().stream().map(ObjectRecords::fact).toList(),
                        told(measure.context(), whose)));
    }

    /** No coding scheme has longer codes. */
    private static String fact(String code) {
        return code.substring(0, Math.min(FACT_CHARS_MAX, code.length()));
    }

    private static Observation observation(Meaning what, Value value, ExtractIdentity whose) {
        if (value instanceof Value.Number number) {
            return new Observation(what, new Observation.Value.Quantity(number.digits()), null, null, null);
        }
        if (value instanceof Value.Missing missing) {
            String sent = missing.sent();
            Flag flag = sent == null ? Flag.NA : Flag.INVALID;
            return new Observation(
                    what, null, flag, fact(missing.why()), sent == null || whose.isNamedIn(sent) ? null : fact(sent));
        }
        String text = value instanceof Value.Coded coded ? coded.code().spoken() : words(value);
        String withheld = text.length() > TEXT_CHARS_MAX ? "too-long" : whose.isNamedIn(text) ? "identity" : null;
        return withheld == null
                ? new Observation(what, new Observation.Value.Text(text), null, null, null)
                : new Observation(what, null, Flag.NA, withheld, null);
    }

    private static String words(Value value) {
        return value instanceof Value.Words words ? words.text() : "";
    }

    private static int chars(Result result) {
        int chars = length(result.title()) + length(result.what().asSent());
        if (result.what().value() instanceof Observation.Value.Text text) {
            chars += text.text().length();
        }
        Result.Place place = result.place();
        if (place != null) {
            chars += place.within().stream().mapToInt(String::length).sum();
            chars +=
                    place.modifiers().values().stream().mapToInt(String::length).sum();
        }
        return chars;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static List<RecordBody> waves(Extract extract, Examination exam) {
        int parts = extract.channels().stream()
                .mapToInt(each -> each.waves().size())
                .sum();
        List<RecordBody> bodies = new ArrayList<>();
        for (ExtractChannel channel : extract.channels()) {
            Examination of = new Examination(
                    only(exam.study(), "study", "acc"),
                    only(exam.series(), "uid", "mod"),
                    only(exam.instance(), "uid", "class", "t"),
                    told(channel.facts(), extract.identity()),
                    null,
                    exam.marks(),
                    1,
                    1);
            for (RecordBody.Wave wave : channel.waves()) {
                bodies.add(new RecordBody.Examined(of.part(bodies.size() + 1, parts), wave));
            }
        }
        return bodies;
    }

    private static Map<String, String> only(Map<String, String> facts, String... names) {
        Map<String, String> some = new LinkedHashMap<>(facts);
        some.keySet().retainAll(Set.of(names));
        return some;
    }
}
