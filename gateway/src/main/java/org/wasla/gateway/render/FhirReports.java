package org.wasla.gateway.render;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Results as a DiagnosticReport with its Observations, and a closed study as an ImagingStudy (FHIR R4). One thread. */
final class FhirReports {
    private static final String STUDY_UID = "urn:dicom:uid";
    private static final String DCM = "http://dicom.nema.org/resources/ontology/DCM";
    private static final String ORDER = "urn:wasla:order";
    private static final String SPECIMEN = "urn:wasla:specimen";
    /** HL7 table 0085, as analysers send it, to the status of an Observation. */
    private static final Map<String, String> STATUS =
            Map.of("F", "final", "P", "preliminary", "C", "corrected", "X", "cancelled", "I", "registered");

    private final Tree of;
    private final FhirWriter fhir;
    private final JsonGenerator json;

    FhirReports(Tree of, FhirWriter fhir) {
        this.of = of;
        this.fhir = fhir;
        this.json = fhir.json();
    }

    List<String> results() throws IOException {
        List<String> ids = new ArrayList<>();
        boolean isFinal = true;
        int nth = 0;
        for (Tree result : of.trees("res")) {
            nth++;
            if (!result.text("q").equals("test") && !result.text("q").equals("demo")) {
                ids.add(result(result, of.text("id") + '.' + nth));
                isFinal &=
                        !status(result).equals("preliminary") && !status(result).equals("registered");
            }
        }
        if (ids.isEmpty()) {
            return List.of();
        }
        List<String> urls = Fhir.urls("Observation", ids);
        report(urls, isFinal);
        List<String> all = new ArrayList<>(urls);
        all.add(FhirWriter.url("DiagnosticReport", of.text("id")));
        return all;
    }

    private static String status(Tree result) {
        return result.text("q").equals("early") ? "preliminary" : STATUS.getOrDefault(result.text("st"), "final");
    }

    private boolean isLaboratory() {
        return !of.has("exam");
    }

    private String result(Tree result, String id) throws IOException {
        fhir.begin("Observation", id);
        fhir.identifiers(FhirWriter.RECORD, id);
        json.writeStringField("status", status(result));
        fhir.conceptList(
                "category",
                "http://terminology.hl7.org/CodeSystem/observation-category",
                isLaboratory() ? "laboratory" : "imaging");
        FhirValues.code(result, null, json, fhir);
        Fhir.subject(of, fhir);
        json.writeStringField("effectiveDateTime", FhirWriter.instant(of.whole("t")));
        FhirValues.read(result, json, fhir);
        notes(result.texts("note"), result.get("fl"));
        specimen();
        fhir.reference("device", FhirWriter.url("Device", Fhir.device(of)));
        if (result.has("ref") && !result.text("ref").isBlank()) {
            json.writeArrayFieldStart("referenceRange");
            json.writeStartObject();
            json.writeStringField("text", result.text("ref"));
            json.writeEndObject();
            json.writeEndArray();
        }
        fhir.endOnce("Observation", FhirWriter.RECORD, id);
        return id;
    }

    /** The device's marks are its own: what they mean is not guessed. */
    private void notes(List<String> notes, @Nullable String marks) throws IOException {
        List<String> all = new ArrayList<>(notes);
        if (marks != null && !marks.isBlank()) {
            all.add("flags: " + marks);
        }
        all.removeIf(String::isBlank);
        if (!all.isEmpty()) {
            json.writeArrayFieldStart("note");
            for (String note : all) {
                json.writeStartObject();
                json.writeStringField("text", note);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private void specimen() throws IOException {
        if (of.has("sp") && !of.text("sp").isBlank()) {
            fhir.logical("specimen", "Specimen", SPECIMEN, of.text("sp"));
        }
    }

    private void report(List<String> results, boolean isFinal) throws IOException {
        String id = of.text("id");
        fhir.begin("DiagnosticReport", id);
        fhir.identifiers(FhirWriter.RECORD, id);
        if (of.has("ord") && !of.text("ord").isBlank()) {
            json.writeArrayFieldStart("basedOn");
            json.writeStartObject();
            json.writeStringField("type", "ServiceRequest");
            json.writeFieldName("identifier");
            fhir.identifier(ORDER, of.text("ord"));
            json.writeEndObject();
            json.writeEndArray();
        }
        json.writeStringField("status", isFinal ? "final" : "preliminary");
        fhir.conceptList("category", "http://terminology.hl7.org/CodeSystem/v2-0074", isLaboratory() ? "LAB" : "RAD");
        fhir.concept("code", FhirWriter.LOINC, isLaboratory() ? "11502-2" : "18748-4");
        Fhir.subject(of, fhir);
        json.writeStringField("effectiveDateTime", FhirWriter.instant(of.whole("t")));
        json.writeStringField("issued", FhirWriter.instant(of.whole("t")));
        if (of.has("sp") && !of.text("sp").isBlank()) {
            json.writeArrayFieldStart("specimen");
            json.writeStartObject();
            json.writeStringField("type", "Specimen");
            json.writeFieldName("identifier");
            fhir.identifier(SPECIMEN, of.text("sp"));
            json.writeEndObject();
            json.writeEndArray();
        }
        json.writeArrayFieldStart("result");
        for (String url : results) {
            json.writeStartObject();
            json.writeStringField("reference", url);
            json.writeEndObject();
        }
        json.writeEndArray();
        fhir.endOnce("DiagnosticReport", FhirWriter.RECORD, id);
    }

    /** A study that goes on later is told again: its resource becomes the newer one. */
    List<String> study() throws IOException {
        String uid = "urn:oid:" + of.text("study");
        fhir.begin("ImagingStudy", uid);
        json.writeArrayFieldStart("identifier");
        fhir.identifier(STUDY_UID, uid);
        if (of.has("acc") && !of.text("acc").isBlank()) {
            accession();
        }
        json.writeEndArray();
        json.writeStringField("status", "available");
        Fhir.subject(of, fhir);
        json.writeNumberField("numberOfSeries", of.whole("series"));
        json.writeNumberField("numberOfInstances", of.whole("instances"));
        fhir.text("description", of.get("desc"));
        List<Tree> series = of.trees("ser");
        series.removeIf(each -> !each.has("uid") || !each.has("mod"));
        if (!series.isEmpty()) {
            json.writeArrayFieldStart("series");
            for (Tree each : series) {
                series(each);
            }
            json.writeEndArray();
        }
        fhir.endUpdate("ImagingStudy", STUDY_UID, uid);
        return List.of(FhirWriter.url("ImagingStudy", uid));
    }

    private void accession() throws IOException {
        json.writeStartObject();
        fhir.concept("type", "http://terminology.hl7.org/CodeSystem/v2-0203", "ACSN");
        json.writeStringField("value", of.text("acc"));
        json.writeEndObject();
    }

    private void series(Tree series) throws IOException {
        json.writeStartObject();
        json.writeStringField("uid", series.text("uid"));
        if (series.text("no").matches("[0-9]{1,9}")) {
            json.writeNumberField("number", Integer.parseInt(series.text("no")));
        }
        json.writeFieldName("modality");
        fhir.coding(DCM, series.text("mod"));
        fhir.text("description", series.get("desc"));
        json.writeNumberField("numberOfInstances", series.whole("n"));
        json.writeEndObject();
    }
}
