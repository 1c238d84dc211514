package org.wasla.gateway.simulator;

import java.io.ByteArrayOutputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.SyncFrame;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.MessageSpec.Count;
import org.wasla.gateway.message.Parts;
import org.wasla.gateway.message.Seq;
import org.wasla.gateway.message.Template;
import org.wasla.gateway.simulator.SimulatorSpec.Ack;
import org.wasla.gateway.simulator.SimulatorSpec.Answer;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;
import org.wasla.gateway.simulator.SimulatorSpec.Output;
import org.wasla.gateway.simulator.SimulatorSpec.Push;

/** A device simulated by its profile's grammar, read backwards. One thread. */
public final class Simulation implements Simulated {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9-]+)}");
    private final SimulatorSpec spec;
    private final ExchangeSpec exchange;
    private final long startNs;
    private final long[] dueNs;
    private final Questions questions;
    private Map<String, String> asked = Map.of();
    private boolean isStarted;
    private long aliveNs;
    private boolean breakCounts;
    /** What is still to be acknowledged, and until when. */
    private final Map<Template, Owed> owed = new HashMap<>();

    private boolean isOffended;

    /** Bytes that were sent and are to be acknowledged. */
    private record Owed(Ack ack, Bytes sent, long untilNs) {}

    public Simulation(SimulatorSpec spec, ExchangeSpec exchange, long nowNs) {
        this.spec = spec;
        this.exchange = exchange;
        this.startNs = nowNs;
        this.dueNs = new long[spec.pushes().size()];
        Arrays.fill(dueNs, nowNs);
        this.isStarted = spec.start() == null;
        this.aliveNs = nowNs;
        List<Template> awaited = new ArrayList<>();
        spec.answers().forEach(answer -> awaited.add(answer.to()));
        if (spec.start() != null) {
            awaited.add(spec.start());
        }
        if (spec.alive() != null) {
            awaited.add(spec.alive().to());
        }
        if (spec.stop() != null) {
            awaited.add(spec.stop());
        }
        Stream.concat(
                        spec.pushes().stream().map(Push::ack),
                        spec.answers().stream().map(Answer::ack))
                .filter(Objects::nonNull)
                .flatMap(ack -> Stream.of(ack.by(), ack.again()))
                .filter(Objects::nonNull)
                .forEach(awaited::add);
        this.questions = new Questions(awaited);
    }

    @Override
    public void breakNextCount() {
        breakCounts = declaresCounts();
    }

    private boolean declaresCounts() {
        return exchange.messages().stream()
                .anyMatch(message -> !message.counts().isEmpty());
    }

    /** The message with a wrong checksum, or with a damaged byte where the format has neither checksum nor counts. */
    @Override
    public Bytes damaged(Bytes message) {
        byte[] bytes = message.toArray();
        if (exchange.frame() instanceof SyncFrame sync && bytes.length == sync.maxBytes() && sync.spoilCheck(bytes)) {
            return Bytes.of(bytes);
        }
        if (bytes.length > 0 && !declaresCounts()) {
            bytes[bytes.length / 3] ^= (byte) 0x80;
        }
        return Bytes.of(bytes);
    }

    @Override
    public List<Bytes> onBytes(byte[] chunk, int length, long nowNs, LocalDateTime now) {
        List<Bytes> out = new ArrayList<>();
        int answered = -1;
        expire(nowNs);
        for (Questions.Found found : questions.hear(chunk, length)) {
            owed.remove(found.template());
            again(found.template(), nowNs, out);
            if (isOffended && found.template().equals(firstWord())) {
                isOffended = false;
            }
            for (Answer answer : spec.answers()) {
                if (!isOffended && answered != found.place() && answer.to().equals(found.template())) {
                    answered = found.place();
                    asked = found.values();
                    out.add(output(answer.output(), 0, nowNs, now));
                    owe(answer.ack(), out.get(out.size() - 1), nowNs);
                    asked = Map.of();
                }
            }
            boolean starts = found.template().equals(spec.start());
            isStarted = (isStarted || starts) && !found.template().equals(spec.stop());
            if (starts
                    || spec.alive() != null
                            && found.template().equals(spec.alive().to())) {
                aliveNs = nowNs;
            }
        }
        return out;
    }

    /** The first of several that are owed by the same bytes counts: one acknowledgement is for all before it. */
    private void owe(@Nullable Ack ack, Bytes sent, long nowNs) {
        if (ack != null) {
            owed.putIfAbsent(ack.by(), new Owed(ack, sent, nowNs + ack.withinNs()));
        }
    }

    private void again(Template heard, long nowNs, List<Bytes> out) {
        for (Owed each : List.copyOf(owed.values())) {
            if (heard.equals(each.ack().again())) {
                out.add(each.sent());
                owed.put(
                        each.ack().by(),
                        new Owed(each.ack(), each.sent(), nowNs + each.ack().withinNs()));
            }
        }
    }

    private void expire(long nowNs) {
        if (owed.values().stream().anyMatch(each -> nowNs - each.untilNs() >= 0)) {
            owed.clear();
            isOffended = true;
            isStarted &= spec.start() == null;
        }
    }

    /** What a device that was not acknowledged listens to again. */
    private @Nullable Template firstWord() {
        return spec.start() != null || spec.answers().isEmpty()
                ? spec.start()
                : spec.answers().get(0).to();
    }

    /** Facts 2.2, 2.8 and 2.9: a device that nobody acknowledges or keeps alive falls silent, or waits for a start. */
    private boolean speaks(long nowNs) {
        if (spec.alive() != null && nowNs - aliveNs >= spec.alive().withinNs()) {
            isStarted &= spec.start() == null;
            return false;
        }
        return isStarted && !isOffended;
    }

    @Override
    public List<Bytes> onTime(long nowNs, LocalDateTime now) {
        List<Bytes> out = new ArrayList<>();
        expire(nowNs);
        for (int i = 0; speaks(nowNs) && i < dueNs.length; i++) {
            Push push = spec.pushes().get(i);
            if (nowNs - dueNs[i] >= 0) {
                long lateNs = nowNs - dueNs[i];
                dueNs[i] += push.everyNs() * (1 + lateNs / push.everyNs());
                out.add(output(push.output(), push.everyNs(), nowNs, now));
                owe(push.ack(), out.get(out.size() - 1), nowNs);
            }
        }
        return out;
    }

    @Override
    public long waitNs(long nowNs) {
        long wait = 3_600_000_000_000L;
        for (int i = 0; speaks(nowNs) && i < dueNs.length; i++) {
            long due = dueNs[i];
            wait = Math.min(wait, due - nowNs);
        }
        return Math.max(0, wait);
    }

    private Bytes output(Output output, long everyNs, long nowNs, LocalDateTime now) {
        MessageSpec message = message(output.message());
        if (output.text() != null) {
            byte[] text =
                    Bytes.latin1(fill(output, message, everyNs, nowNs, now)).toArray();
            if (message != null) {
                write(message, text, output.fields(), everyNs, nowNs, now);
            }
            return Bytes.of(exchange.frame().sealText(text));
        }
        return message == null ? Bytes.NONE : packets(message, output, everyNs, nowNs, now);
    }

    private @Nullable MessageSpec message(@Nullable String id) {
        for (MessageSpec message : exchange.messages()) {
            if (message.id().equals(id)) {
                return message;
            }
        }
        return null;
    }

    private String fill(Output output, @Nullable MessageSpec message, long everyNs, long nowNs, LocalDateTime now) {
        Matcher matcher = NAME.matcher(String.valueOf(output.text()));
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = message != null && message.cut(name) instanceof Parts.Packed packed
                    ? packed.text(values(output.fields(), everyNs, nowNs, now))
                    : named(name, output, message, nowNs, now);
            matcher.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(text).toString();
    }

    private String named(String name, Output output, @Nullable MessageSpec message, long nowNs, LocalDateTime now) {
        if (message != null) {
            if (message.cut(name) instanceof Parts.Split split) {
                return join(split, output.fields(), nowNs, now);
            }
            for (Count count : message.counts()) {
                if (count.declared().equals(name)) {
                    String counted = named(count.group(), output, message, nowNs, now);
                    int wrong = breakCounts ? 1 : 0;
                    breakCounts = false;
                    return Integer.toString(message.measure(count, counted) + wrong);
                }
            }
        }
        String told = asked.get(name);
        return told == null ? value(name, nowNs, now) : told;
    }

    /** The fields of a split group, each as wide as the grammar says, each ended by the mark. */
    private String join(Parts.Split split, int fields, long nowNs, LocalDateTime now) {
        StringBuilder text = new StringBuilder();
        for (int number = split.first(); number < split.first() + fields; number++) {
            Integer width = split.widths().getOrDefault(number, split.width());
            String value = value(Integer.toString(number), nowNs, now);
            text.append(width == null ? value : String.format(Locale.ROOT, "%-" + width + "s", value));
            text.append(split.by());
        }
        return text.toString();
    }

    private Bytes packets(MessageSpec message, Output output, long everyNs, long nowNs, LocalDateTime now) {
        ByteArrayOutputStream packets = new ByteArrayOutputStream();
        for (int i = 0; i < output.times(); i++) {
            byte[] packet = new byte[output.size() == 0 ? exchange.frame().maxBytes() : output.size()];
            message.fit().when().forEach(condition -> condition.write(packet, 0));
            long partNs = everyNs / output.times();
            write(message, packet, output.fields(), partNs, nowNs + i * partNs, now);
            packets.writeBytes(exchange.frame().seal(packet));
        }
        return Bytes.of(packets.toByteArray());
    }

    /**
     * @param free how often a field stands whose count is free
     * @param overNs what repeated fields are spread over
     */
    private void write(MessageSpec message, byte[] packet, int free, long overNs, long nowNs, LocalDateTime now) {
        Seq.Values values = values(free, overNs, nowNs, now);
        message.seq().forEach(part -> part.write(packet, 0, "", values));
    }

    private Seq.Values values(int free, long overNs, long nowNs, LocalDateTime now) {
        return new Seq.Values() {
            @Override
            public boolean has(String name) {
                return spec.values().containsKey(name);
            }

            @Override
            public String of(String name, int occurrence, int count) {
                return value(name, nowNs + overNs * occurrence / count, now);
            }

            @Override
            public int count() {
                return free;
            }
        };
    }

    private String value(String name, long nowNs, LocalDateTime now) {
        Generator generator = spec.values().get(name);
        return generator instanceof Generator.Repeat repeat
                ? repeated(repeat, nowNs, now)
                : text(generator, (nowNs - startNs) / 1_000_000, now);
    }

    /** @return what stands for a value at a moment; empty when nothing does, or other values are needed for it */
    static String text(@Nullable Generator generator, long sinceMs, LocalDateTime now) {
        if (generator instanceof Generator.Constant constant) {
            return constant.text();
        }
        if (generator instanceof Generator.Clock clock) {
            return clock.format().format(now).toUpperCase(Locale.ROOT);
        }
        if (generator instanceof Generator.Cycle cycle) {
            return cycle.texts()
                    .get((int) (sinceMs / cycle.eachMs() % cycle.texts().size()));
        }
        return generator instanceof Generator.Swing swing ? swing(swing, sinceMs) : "";
    }

    private String repeated(Generator.Repeat repeat, long nowNs, LocalDateTime now) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < repeat.times(); i++) {
            long atNs = nowNs + repeat.overMs() * 1_000_000 * i / repeat.times();
            Matcher matcher = NAME.matcher(repeat.text());
            while (matcher.find()) {
                String name = matcher.group(1);
                boolean nested = spec.values().get(name) instanceof Generator.Repeat;
                matcher.appendReplacement(text, Matcher.quoteReplacement(nested ? "" : value(name, atNs, now)));
            }
            matcher.appendTail(text);
        }
        return text.toString();
    }

    private static String swing(Generator.Swing swing, long sinceMs) {
        double phase = 2 * Math.PI * (sinceMs % swing.periodMs()) / swing.periodMs();
        double value = swing.low() + (swing.high() - swing.low()) * (1 - Math.cos(phase)) / 2;
        int width = swing.digits() + (swing.decimals() > 0 ? swing.decimals() + 1 : 0);
        return String.format(Locale.ROOT, "%0" + width + "." + swing.decimals() + "f", value);
    }
}
