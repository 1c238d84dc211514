package org.wasla.gateway.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record as a transaction of FHIR R4: Observations, a DiagnosticReport or an ImagingStudy, with the Device, its metrics
 * and the Provenance that names the profile's hash. The same record gives the same bundle, and what a server has already it
 * keeps. Values of tests, demonstrations and controls are nobody's findings and are not rendered. Thread-safe.
 *
 * <p>Whose it is stands as a logical reference to the pseudonym; what is nobody's has the device for its subject.
 */
public final class Fhir {
    private static final JsonFactory JSON = new JsonFactory();

    private Fhir() {}

    /**
     * What records do not say of their device.
     *
     * @param kind such as {@code pulse oximeter}
     * @param maker may be empty
     */
    public record Source(String kind, String maker) {}

    /** @return the bundle, or null when the record says nothing that FHIR would take */
    public static byte @Nullable [] bundle(byte[] record, Source source) throws IOException {
        Tree of = Tree.read(record);
        return bundle(of, of, source, fhir -> entries(of, fhir));
    }

    /**
     * The last whole seconds of each wave, one bundle a channel.
     *
     * @param records of one device's waves, in the order of their numbers
     * @param secondsMax at most so many of each
     * @param after only of channels that have gone on after this number of the stream
     */
    public static List<byte[]> waves(List<byte[]> records, int secondsMax, long after, Source source)
            throws IOException {
        List<Tree> trees = new ArrayList<>();
        for (byte[] record : records) {
            trees.add(Tree.read(record));
        }
        List<byte[]> bundles = new ArrayList<>();
        for (WaveExcerpt wave : WaveExcerpt.last(trees, secondsMax)) {
            Tree of = wave.last();
            byte[] bundle = of.whole("seq") <= after
                    ? null
                    : bundle(of, wave.first(), source, fhir -> new FhirValues(of, fhir).wave(wave));
            if (bundle != null) {
                bundles.add(bundle);
            }
        }
        return bundles;
    }

    /** Writes entries and tells where they are. */
    @FunctionalInterface
    private interface Entries {
        List<String> write(FhirWriter fhir) throws IOException;
    }

    /** @param first of the records that it is made of, {@code of} being the last */
    private static byte @Nullable [] bundle(Tree of, Tree first, Source source, Entries entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        List<String> targets;
        try (JsonGenerator json = JSON.createGenerator(out)) {
            FhirWriter fhir = new FhirWriter(json);
            json.writeStartObject();
            json.writeStringField("resourceType", "Bundle");
            json.writeStringField("type", "transaction");
            json.writeArrayFieldStart("entry");
            targets = entries.write(fhir);
            if (!targets.isEmpty()) {
                device(of, source, fhir);
                provenance(of, first, targets, fhir);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return targets.isEmpty() ? null : out.toByteArray();
    }

    private static List<String> entries(Tree of, FhirWriter fhir) throws IOException {
        return switch (of.text("k")) {
            case "obs" -> of.has("obs") ? new FhirValues(of, fhir).moment() : List.of();
            case "wav" -> new FhirValues(of, fhir).wave(WaveExcerpt.of(of));
            case "res" -> of.has("qc") ? List.of() : new FhirReports(of, fhir).results();
            case "evt" -> of.text("e").equals("study-closed") ? new FhirReports(of, fhir).study() : List.of();
            default -> List.of();
        };
    }

    static String device(Tree of) {
        return of.text("gw") + '.' + of.text("dev");
    }

    private static void device(Tree of, Source source, FhirWriter fhir) throws IOException {
        String id = device(of);
        fhir.begin("Device", id);
        fhir.identifiers(FhirWriter.DEVICE, id);
        fhir.text("manufacturer", source.maker());
        fhir.json().writeObjectFieldStart("type");
        fhir.json().writeStringField("text", source.kind());
        fhir.json().writeEndObject();
        if (of.has("loc")) {
            fhir.json().writeObjectFieldStart("location");
            fhir.json().writeStringField("display", of.text("loc"));
            fhir.json().writeEndObject();
        }
        fhir.endUpdate("Device", FhirWriter.DEVICE, id);
    }

    /** A provenance has no identifier of its own in R4: its id is made of the record's. */
    private static void provenance(Tree of, Tree first, List<String> targets, FhirWriter fhir) throws IOException {
        String id = of.text("id");
        fhir.begin("Provenance", id);
        String own = UUID.nameUUIDFromBytes(("Provenance " + id).getBytes(StandardCharsets.UTF_8))
                .toString();
        fhir.json().writeStringField("id", own);
        fhir.json().writeArrayFieldStart("target");
        for (String target : targets) {
            fhir.json().writeStartObject();
            fhir.json().writeStringField("reference", target);
            fhir.json().writeEndObject();
        }
        fhir.json().writeEndArray();
        fhir.json().writeStringField("recorded", FhirWriter.instant(of.whole("t")));
        fhir.json().writeArrayFieldStart("agent");
        fhir.json().writeStartObject();
        fhir.logical("who", "Device", FhirWriter.DEVICE, of.text("gw"));
        fhir.json().writeEndObject();
        fhir.json().writeEndArray();
        fhir.json().writeArrayFieldStart("entity");
        if (!first.text("id").equals(id)) {
            source("urn:wasla:record", first.text("id"), fhir);
        }
        source("urn:wasla:record", id, fhir);
        if (of.has("prof")) {
            source("urn:wasla:profile", of.text("prof") + '#' + of.text("ph"), fhir);
        }
        fhir.json().writeEndArray();
        fhir.endAs("Provenance/" + own);
    }

    private static void source(String system, String value, FhirWriter fhir) throws IOException {
        fhir.json().writeStartObject();
        fhir.json().writeStringField("role", "source");
        fhir.json().writeObjectFieldStart("what");
        fhir.json().writeFieldName("identifier");
        fhir.identifier(system, value);
        fhir.json().writeEndObject();
        fhir.json().writeEndObject();
    }

    /** Whose it is: the patient's pseudonym, or nobody's, and then the device's. */
    static void subject(Tree of, FhirWriter fhir) throws IOException {
        Tree patient = of.tree("pat");
        if (patient != null) {
            fhir.logical("subject", "Patient", FhirWriter.PATIENT, patient.text("ref"));
        } else {
            fhir.reference("subject", FhirWriter.url("Device", device(of)));
        }
    }

    /** The urls of these. */
    static List<String> urls(String type, List<String> identifiers) {
        List<String> urls = new ArrayList<>();
        identifiers.forEach(each -> urls.add(FhirWriter.url(type, each)));
        return urls;
    }
}
