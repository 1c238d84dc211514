package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.FrameSpec;
import org.wasla.gateway.frame.SyncFrame;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.message.Seq;
import org.wasla.gateway.message.SeqField;
import org.wasla.gateway.message.SeqGroup;
import org.wasla.gateway.message.Template;
import org.wasla.gateway.simulator.SimulatorSpec;
import org.wasla.gateway.simulator.SimulatorSpec.Ack;
import org.wasla.gateway.simulator.SimulatorSpec.Alive;
import org.wasla.gateway.simulator.SimulatorSpec.Answer;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;
import org.wasla.gateway.simulator.SimulatorSpec.Output;
import org.wasla.gateway.simulator.SimulatorSpec.Push;

/** Reads the {@code simulator} block of a profile. */
final class SimulatorReader {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9-]+)}");

    private SimulatorReader() {}

    static SimulatorSpec read(Section simulator, List<MessageSpec> messages, @Nullable FrameSpec frame) {
        Section section = simulator.section("values");
        Map<String, Generator> values = values(section);
        List<Push> pushes = new ArrayList<>();
        for (Entry entry : simulator.list("push")) {
            Section push = entry.section();
            long everyMs = push.need("every", "1s").millis();
            Output output = output(push, messages, values, frame, List.of());
            pushes.add(new Push(Math.max(1, everyMs) * 1_000_000, output, ack(push)));
            push.end();
        }
        List<Answer> answers = new ArrayList<>();
        for (Entry entry : simulator.list("answer")) {
            Section answer = entry.section();
            Template to = question(answer, "to");
            Output output = output(answer, messages, values, frame, to.names());
            answers.add(new Answer(to, output, ack(answer)));
            answer.end();
        }
        if (pushes.isEmpty() && answers.isEmpty()) {
            simulator.problem("sends nothing", "add push or answer");
        }
        Template start = simulator.has("start") ? question(simulator, "start") : null;
        Template stop = simulator.has("stop") ? question(simulator, "stop") : null;
        SimulatorSpec spec = new SimulatorSpec(pushes, answers, values, start, alive(simulator), stop);
        simulator.end();
        tellFractions(section, spec, messages);
        return spec;
    }

    static Map<String, Generator> values(Section section) {
        Map<String, Generator> values = new HashMap<>();
        for (String name : section.keys()) {
            values.put(name, generator(section.need(name, "'97'")));
        }
        return values;
    }

    private static @Nullable Ack ack(Section section) {
        if (!section.has("ack")) {
            return null;
        }
        Section ack = section.section("ack");
        Ack read = new Ack(
                question(ack, "by"),
                Math.max(1, ack.need("within", "3s").millis()) * 1_000_000,
                ack.has("again") ? question(ack, "again") : null);
        ack.end();
        return read;
    }

    private static @Nullable Alive alive(Section simulator) {
        if (!simulator.has("alive")) {
            return null;
        }
        Section alive = simulator.section("alive");
        Alive read = new Alive(
                question(alive, "to"), Math.max(1, alive.need("within", "3s").millis()) * 1_000_000);
        alive.end();
        return read;
    }

    private static Template question(Section section, String key) {
        Entry to = section.need(key, "\"SNDF\\r\"");
        if (to.isEmpty()) {
            return Template.parse("");
        }
        Bytes bytes = FrameReader.bytes(to);
        if (to.isText() && to.text().isEmpty()) {
            to.problem("is ''", "write the bytes that are asked with");
        }
        return Template.parse(bytes.latin1());
    }

    /** A packet holds whole numbers: whatever stands for one of its fields is to be one at all times. */
    private static void tellFractions(Section values, SimulatorSpec spec, List<MessageSpec> messages) {
        Stream<Output> outputs = Stream.concat(
                spec.pushes().stream().map(Push::output),
                spec.answers().stream().map(Answer::output));
        Set<String> packets = outputs.map(Output::message).collect(Collectors.toSet());
        Set<String> fields = messages.stream()
                .filter(message -> packets.contains(message.id()))
                .flatMap(SimulatorReader::wholeFields)
                .collect(Collectors.toSet());
        spec.values().forEach((name, generator) -> {
            // A key's name stands before the field's.
            if (fields.contains(name.substring(name.indexOf('.') + 1)) && !isWhole(generator)) {
                values.need(name, "").problem("is no whole number, as a packet needs", "write one, without decimals");
            }
        });
    }

    private static Stream<String> wholeFields(MessageSpec message) {
        List<SeqField> fields = new ArrayList<>();
        for (Seq part : message.seq()) {
            fields.addAll(part instanceof SeqGroup group ? group.seq() : List.of((SeqField) part));
        }
        for (Parts part : message.parts()) {
            fields.addAll(part instanceof Parts.Packed packed ? packed.seq() : List.of());
        }
        return fields.stream().filter(field -> field.form().isWhole()).map(SeqField::id);
    }

    private static boolean isWhole(Generator generator) {
        if (generator instanceof Generator.Swing swing) {
            double most = Math.max(Math.abs(swing.low()), Math.abs(swing.high()));
            return swing.decimals() == 0 && most <= Integer.MAX_VALUE;
        }
        if (generator instanceof Generator.Constant constant) {
            return isWhole(constant.text());
        }
        if (generator instanceof Generator.Clock clock) {
            return isWhole(TimeFormat.sample(clock.format()));
        }
        if (generator instanceof Generator.Repeat) {
            return false;
        }
        return !(generator instanceof Generator.Cycle cycle)
                || cycle.texts().stream().allMatch(SimulatorReader::isWhole);
    }

    /** An empty text stands for 0. */
    private static boolean isWhole(String text) {
        return text.isEmpty() || text.matches("[-+]?\\d{1,10}") && Math.abs(Long.parseLong(text)) <= Integer.MAX_VALUE;
    }

    /** @param asked names that the question gives a text to */
    private static Output output(
            Section section,
            List<MessageSpec> messages,
            Map<String, Generator> values,
            @Nullable FrameSpec frame,
            List<String> asked) {
        String text = section.has("text")
                ? FrameReader.bytes(section.need("text", "")).latin1()
                : null;
        String message = section.has("message") ? section.need("message", "").text() : null;
        Optional<MessageSpec> spec =
                messages.stream().filter(known -> known.id().equals(message)).findFirst();
        if (text != null && (message == null || spec.isPresent())) {
            Set<String> known = new HashSet<>(values.keySet());
            known.addAll(asked);
            tellUnknown(section, text, spec, known);
        }
        if (message != null && spec.isEmpty() && !messages.isEmpty()) {
            section.need("message", "").problem("is '" + message + "'", "write the id of a message");
        }
        if (text == null && message == null) {
            section.problem("sends nothing", "add text or message");
        }
        boolean sized = frame == null || frame instanceof SyncFrame;
        int size = text == null && message != null && !sized ? size(section, spec) : 0;
        String many = section.has("repeat") ? "repeat" : "fields";
        return new Output(text, message, section.whole(many, 0, 9999, 0), size, section.whole("times", 1, 1000, 1));
    }

    /** Only blocks of fixed size say by themselves how long a packet is. */
    private static int size(Section section, Optional<MessageSpec> message) {
        int size = section.need("size", "27").whole(1, 65_536);
        if (!section.has("size")) {
            return size;
        }
        for (Seq part : message.map(MessageSpec::seq).orElse(List.of())) {
            if (part instanceof SeqField field && !holds(size, field)) {
                section.problem("sends " + size + " bytes, too few for '" + field.id() + "'", "write a larger size");
            }
        }
        return size;
    }

    private static boolean holds(int size, SeqField field) {
        for (SeqField.Bits part : field.places()) {
            long first = part.at() < 0 ? size + part.at() : part.at();
            if (first < 0
                    || first + (field.repeat().times() - 1L) * field.repeat().step() >= size) {
                return false;
            }
        }
        return true;
    }

    private static void tellUnknown(Section section, String text, Optional<MessageSpec> spec, Set<String> values) {
        Set<String> told = new HashSet<>();
        Matcher matcher = NAME.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            boolean counted = spec.isPresent()
                    && spec.get().counts().stream()
                            .anyMatch(count -> count.declared().equals(name) && stands(count.group(), spec, values));
            if (!counted && !stands(name, spec, values) && told.add(name)) {
                section.need("text", "")
                        .problem(
                                "names {" + name + "}, which nothing stands for",
                                "write a name of simulator.values, or the split group or a count of its message");
            }
        }
    }

    /** Whether it is a value or a group that is put together from values. */
    private static boolean stands(String name, Optional<MessageSpec> spec, Set<String> values) {
        Parts cut = spec.map(message -> message.cut(name)).orElse(null);
        return values.contains(name) || cut instanceof Parts.Split || cut instanceof Parts.Packed;
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
        } else if (section.has("repeat")) {
            generator = new Generator.Repeat(
                    section.need("repeat", "50").whole(1, 10_000),
                    FrameReader.bytes(section.need("text", "\"{flow}\\n\"")).latin1(),
                    section.millis("over", 1_000));
        } else if (section.has("zeros")) {
            generator = new Generator.Constant(
                    "\0".repeat(section.need("zeros", "400").whole(1, 65_536)));
        } else if (section.has("clock")) {
            generator = new Generator.Clock(TimeFormat.writing(section.need("clock", "HH:mm")));
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
