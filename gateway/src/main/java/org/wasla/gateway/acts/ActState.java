package org.wasla.gateway.acts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.render.Tree;

/**
 * The state of acts as JSON: {@code ep} of the buffer, {@code read} numbers by stream, {@code known} hashes in hex,
 * {@code exams} the newest examination of each kind, {@code studies} that are open, {@code courses} of devices. It names
 * patients by pseudonym only. Stateless.
 */
final class ActState {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int KEY_CHARS = 16;

    private ActState() {}

    static byte[] write(Acts acts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("v", 1);
            json.writeStringField("ep", acts.epoch());
            numbers(json, "read", "of", acts.read());
            json.writeStringField("known", known(acts.memory()));
            json.writeArrayFieldStart("exams");
            for (Map.Entry<Long, Memory.Examination> each :
                    acts.memory().examinations().entrySet()) {
                json.writeStartObject();
                json.writeNumberField("kind", each.getKey());
                json.writeStringField("act", each.getValue().act());
                json.writeNumberField("at", each.getValue().atMs());
                json.writeEndObject();
            }
            json.writeEndArray();
            numbers(json, "studies", "study", acts.examinations().opened());
            json.writeArrayFieldStart("courses");
            for (Map.Entry<String, Course> each : acts.courses().entrySet()) {
                course(json, each.getKey(), each.getValue());
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static String known(Memory memory) {
        StringBuilder hex = new StringBuilder();
        memory.keys().forEach(key -> hex.append(HexFormat.of().toHexDigits(key)));
        return hex.toString();
    }

    private static void numbers(JsonGenerator json, String field, String of, Map<String, Long> numbers)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (Map.Entry<String, Long> each : numbers.entrySet()) {
            json.writeStartObject();
            json.writeStringField(of, each.getKey());
            json.writeNumberField("n", each.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void course(JsonGenerator json, String device, Course course) throws IOException {
        json.writeStartObject();
        json.writeStringField("dev", device);
        json.writeNumberField("told", course.toldSeq());
        json.writeArrayFieldStart("last");
        for (Map.Entry<String, BigDecimal> each : course.last().entrySet()) {
            json.writeStartObject();
            json.writeStringField("n", each.getKey());
            json.writeStringField("v", each.getValue().toPlainString());
            json.writeEndObject();
        }
        json.writeEndArray();
        Course.Open open = course.open();
        if (open != null) {
            json.writeFieldName("open");
            open(json, open);
        }
        json.writeEndObject();
    }

    private static void open(JsonGenerator json, Course.Open open) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", open.type().name());
        json.writeStringField("id", open.id());
        json.writeNumberField("from-seq", open.fromSeq());
        json.writeNumberField("to-seq", open.toSeq());
        json.writeNumberField("from", open.fromMs());
        json.writeNumberField("to", open.toMs());
        json.writeNumberField("counted", open.countedMs());
        Act.Origin of = open.from();
        json.writeStringField("dev", of.device());
        text(json, "loc", of.location());
        text(json, "prof", of.profile());
        text(json, "ph", of.profileHash());
        text(json, "dt", of.deviceTime());
        Patient patient = of.patient();
        if (patient != null) {
            json.writeObjectFieldStart("pat");
            json.writeStringField("ref", patient.ref());
            text(json, "as", patient.association());
            json.writeStringField("how", patient.how());
            json.writeStringField("st", patient.state());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String field, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(field, text);
        }
    }

    static Acts read(byte[] state, ActRules rules, long nowNs) throws IOException {
        try {
            Tree tree = Tree.read(state);
            if (!tree.text("v").equals("1")) {
                throw new IOException("a state of another version");
            }
            Acts acts = new Acts(rules, tree.text("ep"));
            for (Tree each : tree.trees("read")) {
                acts.read().put(each.text("of"), each.whole("n"));
            }
            String known = tree.text("known");
            for (int at = 0; at < known.length(); at += KEY_CHARS) {
                acts.memory().add(HexFormat.fromHexDigitsToLong(known, at, at + KEY_CHARS));
            }
            for (Tree each : tree.trees("exams")) {
                acts.memory().examined(each.whole("kind"), new Memory.Examination(each.text("act"), each.whole("at")));
            }
            for (Tree each : tree.trees("studies")) {
                acts.examinations().open(each.text("study"), each.whole("n"));
            }
            for (Tree each : tree.trees("courses")) {
                Map<String, BigDecimal> last = new HashMap<>();
                each.trees("last").forEach(value -> last.put(value.text("n"), new BigDecimal(value.text("v"))));
                Tree open = each.tree("open");
                Course course =
                        new Course(acts.limits(), open == null ? null : open(open), last, each.whole("told"), nowNs);
                acts.courses().put(each.text("dev"), course);
            }
            return acts;
        } catch (IllegalArgumentException | IndexOutOfBoundsException damaged) {
            throw new IOException("no state of acts", damaged);
        }
    }

    private static Course.Open open(Tree of) {
        Act.Origin from = new Act.Origin(
                of.text("dev"), of.get("loc"), of.get("prof"), of.get("ph"), of.get("dt"), Source.patient(of));
        return new Course.Open(
                Act.Type.valueOf(of.text("type")),
                of.text("id"),
                from,
                of.whole("from-seq"),
                of.whole("to-seq"),
                of.whole("from"),
                of.whole("to"),
                of.whole("counted"));
    }
}
