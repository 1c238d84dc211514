package org.wasla.gateway.simulator;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/**
 * A device that sends HL7 messages over MLLP, one after the other, again and again, each with a number of its own. It
 * does not wait to be answered. One thread.
 */
public final class Hl7Simulator implements Simulated {
    /** Names in messages that stand for something without a value: the message's number and the time of day. */
    public static final Set<String> OWN = Set.of("id", "time");

    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9-]+)}");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");
    private final List<String> messages;
    private final Map<String, Generator> values;
    private final long everyNs;
    private final long startNs;
    private long dueNs;
    private int sent;

    /**
     * @param messages texts with a segment a line; {@code {name}} stands for a value
     * @param everyNs from one message to the next
     */
    public Hl7Simulator(List<String> messages, Map<String, Generator> values, long everyNs, long nowNs) {
        this.messages = List.copyOf(messages);
        this.values = Map.copyOf(values);
        this.everyNs = everyNs;
        this.startNs = nowNs;
        this.dueNs = nowNs;
    }

    @Override
    public List<Bytes> onBytes(byte[] chunk, int length, long nowNs, LocalDateTime now) {
        return List.of();
    }

    @Override
    public List<Bytes> onTime(long nowNs, LocalDateTime now) {
        if (nowNs - dueNs < 0) {
            return List.of();
        }
        dueNs += everyNs * (1 + (nowNs - dueNs) / everyNs);
        String text = messages.get(sent % messages.size());
        sent++;
        return List.of(framed(filled(text, nowNs, now)));
    }

    private String filled(String text, long nowNs, LocalDateTime now) {
        Matcher matcher = NAME.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = switch (name) {
                case "id" -> Integer.toString(sent);
                case "time" -> TIME.format(now);
                default -> Simulation.text(values.get(name), (nowNs - startNs) / 1_000_000, now);
            };
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }

    private static Bytes framed(String text) {
        StringBuilder framed = new StringBuilder("\u000b");
        for (String line : text.split("\n")) {
            framed.append(line.strip()).append(line.isBlank() ? "" : "\r");
        }
        return Bytes.of(framed.append("\u001c\r").toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long waitNs(long nowNs) {
        return Math.max(0, dueNs - nowNs);
    }

    /** MLLP has no checksum: the end of the frame is lost. */
    @Override
    public Bytes damaged(Bytes message) {
        return message.slice(0, message.size() - 2);
    }

    /** HL7 declares no counts. */
    @Override
    public void breakNextCount() {}
}
