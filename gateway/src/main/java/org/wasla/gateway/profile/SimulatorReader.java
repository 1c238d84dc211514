package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.simulator.SimulatorSpec;
import org.wasla.gateway.simulator.SimulatorSpec.Answer;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;
import org.wasla.gateway.simulator.SimulatorSpec.Output;
import org.wasla.gateway.simulator.SimulatorSpec.Push;

/** Reads the {@code simulator} block of a profile. */
final class SimulatorReader {
    private SimulatorReader() {}

    static SimulatorSpec read(Section simulator, List<MessageSpec> messages) {
        List<Push> pushes = new ArrayList<>();
        for (Entry entry : simulator.list("push")) {
            Section push = entry.section();
            long everyMs = push.need("every", "1s").millis();
            pushes.add(new Push(Math.max(1, everyMs) * 1_000_000, output(push, messages)));
            push.end();
        }
        List<Answer> answers = new ArrayList<>();
        for (Entry entry : simulator.list("answer")) {
            Section answer = entry.section();
            answers.add(new Answer(FrameReader.bytes(answer.need("to", "\"SNDF\\r\"")), output(answer, messages)));
            answer.end();
        }
        if (pushes.isEmpty() && answers.isEmpty()) {
            simulator.problem("sends nothing", "add push or answer");
        }
        Map<String, Generator> values = new HashMap<>();
        Section section = simulator.section("values");
        for (String name : section.keys()) {
            values.put(name, generator(section.need(name, "")));
        }
        simulator.end();
        return new SimulatorSpec(pushes, answers, values);
    }

    private static Output output(Section section, List<MessageSpec> messages) {
        String text = section.has("text")
                ? FrameReader.bytes(section.need("text", "")).latin1()
                : null;
        String message = section.has("message") ? section.need("message", "").text() : null;
        boolean known = messages.stream().anyMatch(spec -> spec.id().equals(message));
        if (message != null && !known) {
            section.need("message", "").problem("is '" + message + "'", "write the id of a message");
        }
        if (text == null && message == null) {
            section.problem("sends nothing", "add text or message");
        }
        return new Output(text, message, section.whole("fields", 0, 9999, 0));
    }

    private static Generator generator(Entry entry) {
        if (entry.isText()) {
            return new Generator.Constant(entry.text());
        }
        Section section = entry.section();
        Generator generator;
        if (section.has("swing")) {
            List<Entry> range = section.list("swing");
            double low = range.isEmpty() ? 0 : range.get(0).number().doubleValue();
            double high = range.size() < 2 ? low : range.get(1).number().doubleValue();
            generator = new Generator.Swing(
                    low,
                    high,
                    Math.max(1, section.millis("period", 60_000)),
                    section.whole("digits", 1, 12, 1),
                    section.whole("decimals", 0, 6, 0));
        } else if (section.has("clock")) {
            Entry clock = section.need("clock", "");
            generator = new Generator.Clock(MappingReader.formatter(clock, clock.text()));
        } else {
            List<String> texts = new ArrayList<>(section.need("cycle", "[A, B]").list().stream()
                    .map(Entry::text)
                    .toList());
            generator = new Generator.Cycle(
                    texts.isEmpty() ? List.of("") : texts, Math.max(1, section.millis("each", 10_000)));
        }
        section.end();
        return generator;
    }
}
