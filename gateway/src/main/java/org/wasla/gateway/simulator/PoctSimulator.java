package org.wasla.gateway.simulator;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.PoctStream;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/**
 * A device at the bedside that speaks POCT1-A: hello, how it stands, the result it holds when it is asked, and then one
 * after the other when it is to stay. What is not acknowledged it says again, the same; once in a while, as devices do,
 * it says hello anew. Pure; one thread.
 */
public final class PoctSimulator implements Simulated {
    /** Names in messages that stand for something without a value: the message's number and the time of day. */
    public static final Set<String> OWN = Set.of("id", "time");

    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9-]+)}");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private final List<String> messages;
    private final Map<String, Generator> values;
    private final long everyNs;
    private final long startNs;
    private final PoctStream host = new PoctStream();
    private long dueNs;
    private int number;
    private int results;
    private boolean isGreeted;
    private boolean stays;
    /** What waits to be acknowledged, and its number. */
    private @Nullable Bytes open;

    private String openId = "";
    private String openKind = "";

    /**
     * @param messages the hello, then results in turn; {@code {name}} stands for a value
     * @param everyNs from one result to the next
     */
    public PoctSimulator(List<String> messages, Map<String, Generator> values, long everyNs, long nowNs) {
        this.messages = List.copyOf(messages);
        this.values = Map.copyOf(values);
        this.everyNs = everyNs;
        this.startNs = nowNs;
        this.dueNs = nowNs;
    }

    @Override
    public List<Bytes> onBytes(byte[] chunk, int length, long nowNs, LocalDateTime now) {
        List<Bytes> said = new ArrayList<>();
        for (PoctStream.Said heard : host.put(chunk, length)) {
            switch (heard.kind()) {
                case "ACK.R01" -> acknowledged(heard.of(), nowNs, now, said);
                case "REQ.R01" -> said.add(result(nowNs, now));
                case "DTV.R01" -> {
                    said.add(answer(heard.id(), now));
                    stays = true;
                }
                case "END.R01" -> {
                    said.add(answer(heard.id(), now));
                    isGreeted = false;
                    stays = false;
                }
                default -> {}
            }
        }
        return said;
    }

    private void acknowledged(String of, long nowNs, LocalDateTime now, List<Bytes> said) {
        if (open == null || !of.equals(openId)) {
            return;
        }
        open = null;
        dueNs = nowNs + everyNs;
        if (openKind.equals("HEL")) {
            isGreeted = true;
            said.add(waiting("DST", state("DST.R01", "DST", "DST.new_observations_qty", "1", now)));
        } else if (openKind.equals("OBS") && !stays) {
            said.add(waiting("EOT", state("EOT.R01", "EOT", "EOT.topic_cd", "OBS", now)));
        }
    }

    @Override
    public List<Bytes> onTime(long nowNs, LocalDateTime now) {
        if (nowNs - dueNs < 0) {
            return List.of();
        }
        dueNs = nowNs + everyNs;
        if (open != null && isGreeted) {
            return List.of(open);
        }
        if (stays) {
            return List.of(result(nowNs, now));
        }
        isGreeted = false;
        return List.of(waiting("HEL", filled(messages.get(0), nowNs, now)));
    }

    private Bytes result(long nowNs, LocalDateTime now) {
        String text = messages.get(1 + results++ % (messages.size() - 1));
        return waiting("OBS", filled(text, nowNs, now));
    }

    private Bytes waiting(String kind, Bytes said) {
        open = said;
        openKind = kind;
        openId = Integer.toString(number);
        return said;
    }

    private Bytes filled(String text, long nowNs, LocalDateTime now) {
        number++;
        Matcher matcher = NAME.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = switch (name) {
                case "id" -> Integer.toString(number);
                case "time" -> TIME.format(now);
                default -> Simulation.text(values.get(name), (nowNs - startNs) / 1_000_000, now);
            };
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return Bytes.of(matcher.appendTail(filled).toString().strip().getBytes(StandardCharsets.UTF_8));
    }

    private Bytes answer(String of, LocalDateTime now) {
        String fields = "<ACK><ACK.type_cd V=\"AA\"/><ACK.ack_control_id V=\"" + of + "\"/></ACK>";
        return document("ACK.R01", fields, now);
    }

    private Bytes state(String root, String object, String name, String value, LocalDateTime now) {
        return document(root, "<" + object + "><" + name + " V=\"" + value + "\"/></" + object + ">", now);
    }

    private Bytes document(String root, String content, LocalDateTime now) {
        return filled(
                "<" + root + "><HDR><HDR.control_id V=\"{id}\"/><HDR.version_id V=\"POCT1\"/><HDR.creation_dttm V=\""
                        + TIME.format(now) + "\"/></HDR>" + content + "</" + root + ">",
                startNs,
                now);
    }

    @Override
    public long waitNs(long nowNs) {
        return Math.max(0, dueNs - nowNs);
    }

    /** Its last bytes are lost: nothing else is a fault that a reader of XML must see. */
    @Override
    public Bytes damaged(Bytes message) {
        return message.slice(0, Math.max(0, message.size() - 4));
    }

    /** No message declares counts of its parts. */
    @Override
    public void breakNextCount() {}
}
