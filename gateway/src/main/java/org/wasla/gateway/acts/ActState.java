package org.wasla.gateway.acts;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.render.Tree;

/**
 * The state of acts as JSON: {@code ep} of the buffer, {@code read} numbers by stream, {@code known} hashes in base64,
 * {@code exams} the newest examination of each kind, {@code studies} that are open, {@code open} periods under way. It names
 * patients by pseudonym only. Stateless.
 */
final class ActState {
    private static final JsonFactory JSON = new JsonFactory();

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
            json.writeArrayFieldStart("open");
            for (Course course : acts.courses().values()) {
                Course.Open open = course.open();
                if (open != null) {
                    open(json, open);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static String known(Memory memory) {
        ByteBuffer keys = ByteBuffer.allocate(Memory.KEYS_MAX * Long.BYTES);
        memory.keys().forEach(keys::putLong);
        byte[] bytes = new byte[keys.flip().remaining()];
        keys.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
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
            ByteBuffer keys = ByteBuffer.wrap(Base64.getDecoder().decode(tree.text("known")));
            while (keys.remaining() >= Long.BYTES) {
                acts.memory().add(keys.getLong());
            }
            for (Tree each : tree.trees("exams")) {
                acts.memory().examined(each.whole("kind"), new Memory.Examination(each.text("act"), each.whole("at")));
            }
            for (Tree each : tree.trees("studies")) {
                acts.examinations().open(each.text("study"), each.whole("n"));
            }
            for (Tree each : tree.trees("open")) {
                acts.restore(each.text("dev"), open(each), nowNs);
            }
            return acts;
        } catch (IllegalArgumentException damaged) {
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
