package org.wasla.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.doctor.Advice;
import org.wasla.gateway.doctor.AgentAdvice;
import org.wasla.gateway.doctor.Words;
import org.wasla.gateway.health.StatusSocket;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code wasla status} and {@code wasla doctor} have in common: options, the agent's answer, the output. */
final class Examination {
    @Mixin
    Shared shared = new Shared();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration; /etc/wasla/wasla.yaml.")
    Path file = Path.of("/etc/wasla/wasla.yaml");

    @Option(names = "--json", description = "Prints one JSON object.")
    boolean json;

    @Option(names = "--lang", paramLabel = "LANG", description = "fr or en; else that of the system.")
    String language = "";

    Config config() throws Failure {
        return CheckVerb.read(file, shared);
    }

    Words words() {
        return language.isEmpty() ? Words.of(System.getenv()) : Words.in(language);
    }

    /**
     * What a running agent says, or why it says nothing.
     *
     * @param document its health document, null without an agent
     */
    record Answer(@Nullable String document, Map<String, @Nullable Object> health, List<Advice> found) {
        boolean isThere() {
            return document != null;
        }
    }

    Answer ask(Config config) {
        Path dir = config.buffer().dir().toAbsolutePath();
        if (isHidden(dir)) {
            return absent("agent.hidden", dir.toString());
        }
        try {
            Optional<byte[]> document = StatusSocket.ask(dir);
            Optional<Map<String, @Nullable Object>> health = document.flatMap(Json::object);
            return health.isEmpty()
                    ? absent("agent.absent", file.toString())
                    : new Answer(
                            new String(document.get(), StandardCharsets.UTF_8),
                            health.get(),
                            AgentAdvice.of(health.get()));
        } catch (IOException mute) {
            return absent("agent.mute");
        }
    }

    private static Answer absent(String id, String... details) {
        return new Answer(null, Map.of(), List.of(new Advice(Advice.Level.WRONG, id, List.of(details))));
    }

    /** A folder that may not be entered looks as if nothing were in it. */
    private static boolean isHidden(Path dir) {
        for (Path at = dir; at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                return !Files.isExecutable(at);
            }
        }
        return false;
    }

    static int exitCode(List<Advice> found) {
        return found.stream().anyMatch(each -> each.level() == Advice.Level.WRONG) ? 1 : 0;
    }

    /** Whether all is well, what was found in the user's words, and what the agent says, when one runs. */
    String json(List<Advice> found, Answer answer) throws IOException {
        Words words = words();
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeBooleanField("ok", exitCode(found) == 0);
            out.writeArrayFieldStart("findings");
            for (Advice each : found) {
                out.writeStartObject();
                out.writeStringField("level", each.level() == Advice.Level.WRONG ? "wrong" : "note");
                out.writeStringField("id", each.id());
                out.writeStringField("what", words.what(each).strip());
                out.writeStringField("why", words.why(each));
                out.writeStringField("next", words.next(each));
                out.writeEndObject();
            }
            out.writeEndArray();
            String document = answer.document();
            if (document != null) {
                out.writeFieldName("health");
                out.writeRawValue(document);
            }
            out.writeEndObject();
        }
        return text.toString();
    }
}
