package org.wasla.gateway.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Observations of values, compound ones and waves (FHIR R4, Observation; its vital signs profiles). One thread. */
final class FhirValues {
    private static final String CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
    private static final String ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    private static final String PROFILE = "http://hl7.org/fhir/StructureDefinition/";
    private static final String SYSTOLIC = "150021";
    private static final String DIASTOLIC = "150022";
    private static final String PRESSURE = "mm[Hg]";
    /** Nobody measured a patient then. */
    private static final Set<String> NOT_REAL = Set.of("test", "demo");

    private static final Map<String, Vital> VITALS = vitals();
    private final Tree of;
    private final FhirWriter fhir;
    private final JsonGenerator json;
    private final Set<String> metrics = new HashSet<>();
    private final List<String> written = new ArrayList<>();

    FhirValues(Tree of, FhirWriter fhir) {
        this.of = of;
        this.fhir = fhir;
        this.json = fhir.json();
    }

    /**
     * A vital sign of FHIR's own profiles.
     *
     * @param unit the one that the profile asks for
     */
    private record Vital(String loinc, String profile, String unit) {}

    private static Map<String, Vital> vitals() {
        Map<String, Vital> vitals = new HashMap<>();
        vitals.put("147842", new Vital("8867-4", "heartrate", "/min"));
        vitals.put("150456", new Vital("2708-6", "oxygensat", "%"));
        vitals.put("150344", new Vital("8310-5", "bodytemp", "Cel"));
        for (String breathing : List.of("151562", "151570", "151578", "151594")) {
            vitals.put(breathing, new Vital("9279-1", "resprate", "/min"));
        }
        return vitals;
    }

    /** One Observation for each value of a moment; systolic and diastolic make one of two parts. */
    List<String> moment() throws IOException {
        List<Tree> values = new ArrayList<>(of.trees("obs"));
        values.removeIf(value -> NOT_REAL.contains(value.text("q")));
        Tree systolic = pressure(values, SYSTOLIC);
        Tree diastolic = pressure(values, DIASTOLIC);
        if (systolic != null && diastolic != null) {
            values.remove(systolic);
            values.remove(diastolic);
            bloodPressure(systolic, diastolic);
        }
        Map<String, Integer> times = new HashMap<>();
        for (Tree value : values) {
            int nth = times.merge(value.text("r"), 1, Integer::sum);
            value(value, nth > 1 ? value.text("r") + '#' + nth : value.text("r"));
        }
        return Fhir.urls("Observation", written);
    }

    private static @Nullable Tree pressure(List<Tree> values, String code) {
        for (Tree value : values) {
            if (value.text("c").equals(code)
                    && value.has("v")
                    && value.text("u").equals(PRESSURE)) {
                return value;
            }
        }
        return null;
    }

    private void value(Tree value, String name) throws IOException {
        metric(value);
        Vital vital = vital(value);
        String id = begin(name, vital == null ? null : vital.profile());
        status(value);
        category(vital == null ? "procedure" : "vital-signs");
        code(value, vital == null ? null : vital.loinc());
        whoAndWhen(value);
        read(value, json, fhir);
        end(id);
    }

    /** The profile asks for a patient and for its own unit; a value without them is an ordinary observation. */
    private @Nullable Vital vital(Tree value) {
        Vital vital = VITALS.get(value.text("c"));
        boolean isVital =
                vital != null && of.has("pat") && value.has("v") && vital.unit().equals(value.get("u"));
        return isVital ? vital : null;
    }

    private void bloodPressure(Tree systolic, Tree diastolic) throws IOException {
        metric(systolic);
        metric(diastolic);
        String id = begin("blood-pressure", of.has("pat") ? "bp" : null);
        status(systolic);
        category("vital-signs");
        json.writeObjectFieldStart("code");
        json.writeArrayFieldStart("coding");
        fhir.coding(FhirWriter.LOINC, "85354-9");
        fhir.coding(FhirWriter.MDC, "150020");
        json.writeEndArray();
        json.writeEndObject();
        whoAndWhen(systolic);
        json.writeArrayFieldStart("component");
        part(systolic, "8480-6");
        part(diastolic, "8462-4");
        json.writeEndArray();
        end(id);
    }

    private void part(Tree value, String loinc) throws IOException {
        json.writeStartObject();
        code(value, loinc);
        fhir.quantity("valueQuantity", value.text("v"), value.get("u"), null);
        json.writeEndObject();
    }

    /** Samples as SampledData: the value is origin plus factor times the sample; E stands for one that is missing. Not without a rate. */
    List<String> wave(WaveExcerpt wave) throws IOException {
        boolean hasRate = WaveExcerpt.rate(of).signum() > 0;
        boolean hasScale = !of.has("dlo") || !of.text("dlo").equals(of.text("dhi"));
        if (NOT_REAL.contains(of.text("q")) || wave.samples().isEmpty() || !hasRate || !hasScale) {
            return List.of();
        }
        metric(of);
        String id = begin(of.text("r") + '@' + wave.n0(), null);
        json.writeStringField("status", "final");
        category("procedure");
        code(of, null);
        Fhir.subject(of, fhir);
        long endMs = of.whole("t");
        json.writeObjectFieldStart("effectivePeriod");
        json.writeStringField("start", FhirWriter.instant(endMs - wave.lengthMs()));
        json.writeStringField("end", FhirWriter.instant(endMs));
        json.writeEndObject();
        by(of);
        BigDecimal low = new BigDecimal(of.text("lo"));
        BigDecimal factor = BigDecimal.ONE;
        BigDecimal origin = BigDecimal.ZERO;
        if (of.has("dlo")) {
            BigDecimal span = new BigDecimal(of.text("hi")).subtract(low);
            BigDecimal raw = new BigDecimal(of.text("dhi")).subtract(new BigDecimal(of.text("dlo")));
            factor = span.divide(raw, MathContext.DECIMAL64);
            origin = low.subtract(factor.multiply(new BigDecimal(of.text("dlo"))));
        }
        json.writeObjectFieldStart("valueSampledData");
        fhir.quantity("origin", origin.toPlainString(), of.get("u"), null);
        BigDecimal period = BigDecimal.valueOf(1_000).divide(WaveExcerpt.rate(of), MathContext.DECIMAL64);
        fhir.number("period", period.toPlainString());
        fhir.number("factor", factor.toPlainString());
        json.writeNumberField("dimensions", 1);
        json.writeStringField("data", String.join(" ", wave.samples()));
        json.writeEndObject();
        end(id);
        return Fhir.urls("Observation", written);
    }

    private String begin(String name, @Nullable String profile) throws IOException {
        String id = of.text("id") + '.' + name.replaceAll("[^A-Za-z0-9#@._-]", "_");
        fhir.begin("Observation", id);
        written.add(id);
        if (profile != null) {
            json.writeObjectFieldStart("meta");
            json.writeArrayFieldStart("profile");
            json.writeString(PROFILE + profile);
            json.writeEndArray();
            json.writeEndObject();
        }
        fhir.identifiers(FhirWriter.RECORD, id);
        return id;
    }

    private void end(String id) throws IOException {
        fhir.endOnce("Observation", FhirWriter.RECORD, id);
    }

    private void status(Tree value) throws IOException {
        json.writeStringField("status", value.text("q").equals("early") ? "preliminary" : "final");
    }

    private void category(String code) throws IOException {
        fhir.conceptList("category", CATEGORY, code);
    }

    private void code(Tree value, @Nullable String vital) throws IOException {
        code(value, vital, json, fhir);
    }

    /** LOINC and MDC where there are some; the device's own label always. */
    static void code(Tree value, @Nullable String vital, JsonGenerator json, FhirWriter fhir) throws IOException {
        json.writeObjectFieldStart("code");
        String own = value.get("l");
        if (vital != null || own != null || value.has("c")) {
            json.writeArrayFieldStart("coding");
            if (vital != null) {
                fhir.coding(FhirWriter.LOINC, vital);
            }
            if (own != null && !own.equals(vital)) {
                fhir.coding(FhirWriter.LOINC, own);
            }
            if (value.has("c")) {
                fhir.coding(FhirWriter.MDC, value.text("c"));
            }
            json.writeEndArray();
        }
        String words = value.text("txt");
        json.writeStringField("text", words.isEmpty() ? value.text("r") : words);
        json.writeEndObject();
    }

    private void whoAndWhen(Tree value) throws IOException {
        Fhir.subject(of, fhir);
        json.writeStringField("effectiveDateTime", FhirWriter.instant(of.whole("t")));
        by(value);
    }

    private void by(Tree value) throws IOException {
        String by = value.has("c")
                ? FhirWriter.url("DeviceMetric", metricId(value))
                : FhirWriter.url("Device", Fhir.device(of));
        fhir.reference("device", by);
    }

    /** The value, or why there is none. */
    static void read(Tree value, JsonGenerator json, FhirWriter fhir) throws IOException {
        if (value.has("v")) {
            fhir.quantity("valueQuantity", value.text("v"), value.get("u"), value.get("cmp"));
        } else if (value.has("s")) {
            json.writeStringField("valueString", value.text("s"));
        } else {
            String code = switch (value.text("q")) {
                case "off" -> "not-performed";
                case "ongoing" -> "temp-unknown";
                case "na" -> "unknown";
                default -> "error";
            };
            json.writeObjectFieldStart("dataAbsentReason");
            json.writeArrayFieldStart("coding");
            fhir.coding(ABSENT, code);
            json.writeEndArray();
            fhir.text("text", value.get("why"));
            json.writeEndObject();
        }
        boolean isFlagged = value.has("q") && (value.has("v") || value.has("s"));
        if (isFlagged) {
            json.writeArrayFieldStart("interpretation");
            json.writeStartObject();
            json.writeStringField("text", value.text("q"));
            json.writeEndObject();
            json.writeEndArray();
        }
        if (value.has("m")) {
            json.writeObjectFieldStart("method");
            json.writeStringField("text", value.text("m"));
            json.writeEndObject();
        }
    }

    private String metricId(Tree value) {
        return Fhir.device(of) + '.' + value.text("c") + '.' + value.text("r").replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private void metric(Tree value) throws IOException {
        String id = metricId(value);
        if (!value.has("c") || !metrics.add(id)) {
            return;
        }
        fhir.begin("DeviceMetric", id);
        fhir.identifiers(FhirWriter.METRIC, id);
        json.writeObjectFieldStart("type");
        json.writeArrayFieldStart("coding");
        fhir.coding(FhirWriter.MDC, value.text("c"));
        json.writeEndArray();
        json.writeStringField("text", value.text("r"));
        json.writeEndObject();
        if (value.has("u")) {
            fhir.concept("unit", FhirWriter.UCUM, value.text("u"));
        }
        fhir.reference("source", FhirWriter.url("Device", Fhir.device(of)));
        json.writeStringField("category", "measurement");
        fhir.endUpdate("DeviceMetric", FhirWriter.METRIC, id);
    }
}
