package org.wasla.gateway.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an order: the verb is the last level of its topic, the payload one JSON object of at most
 * {@value #BYTES_MAX} bytes; fields that it does not know are passed over. Thread-safe.
 *
 * <p>Orders are not signed yet: whoever may publish below {@code cmd/} at the broker may give them. Later the payload
 * is a JWS, whose content comes here once its signature, audience and life were checked; nothing else changes.
 */
public final class CommandReader {

    public static final int BYTES_MAX = 16 << 10;
    /** The client that is answered when the order names none. */
    public static final String CLIENT = "replay";

    static final long NUMBER_MAX = 1L << 53;
    private static final Pattern LEVEL = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,128}");
    private static final Pattern KIND = Pattern.compile("obs|wav|alarm|res|evt");
    private static final Pattern JTI = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern EPOCH = Pattern.compile("[0-9a-f]{8}");
    private static final JsonFactory JSON = new JsonFactory();

    private CommandReader() {}

    /**
     * What came of an order. Immutable.
     *
     * @param command empty when there are problems
     * @param problems what is wrong and what to write instead
     * @param verb the verb as far as it can be repeated in an answer
     * @param jti identity for an answer, empty when the order has none that can be used
     * @param client whom to answer
     */
    public record Reading(Optional<Command> command, List<String> problems, String verb, String jti, String client) {
        /** Copies the list. */
        public Reading {
            problems = List.copyOf(problems);
        }
    }

    /** @param responseTopic where the answer is wanted, {@code .../rsp/{client}}, null when nothing was said */
    public static Reading read(String topic, byte[] payload, @Nullable String responseTopic) {
        List<String> problems = new ArrayList<>();
        String verb = topic.substring(topic.lastIndexOf('/') + 1);
        String client = client(responseTopic, problems);
        int before = problems.size();
        Map<String, String> fields = fields(payload, problems);
        boolean isReadable = problems.size() == before;
        String jti = JTI.matcher(fields.getOrDefault("jti", "")).matches() ? fields.getOrDefault("jti", "") : "";
        Command command = null;
        switch (verb) {
            case "hello" -> command = new Command.Hello();
            case "replay" -> command = isReadable ? replay(fields, client, problems) : null;
            default -> problems.add("the verb is '" + shown(verb) + "'; the known ones are hello, replay");
        }
        String repeated = LEVEL.matcher(verb).matches() ? verb : "";
        return new Reading(
                problems.isEmpty() ? Optional.ofNullable(command) : Optional.empty(), problems, repeated, jti, client);
    }

    private static String client(@Nullable String responseTopic, List<String> problems) {
        if (responseTopic == null) {
            return CLIENT;
        }
        int last = responseTopic.lastIndexOf('/');
        String client = responseTopic.substring(last + 1);
        if (last < 0
                || !responseTopic.substring(0, last).endsWith("/rsp")
                || !LEVEL.matcher(client).matches()) {
            problems.add("the response topic does not end in /rsp/{client}, the client made of a-z, 0-9 and hyphens");
            return CLIENT;
        }
        return client;
    }

    private static Command replay(Map<String, String> fields, String client, List<String> problems) {
        String version = fields.getOrDefault("v", "1");
        if (!version.equals("1")) {
            problems.add("v is '" + shown(version) + "'; write 1");
        }
        String jti = text(fields, "jti", JTI, "up to 64 letters, digits and . _ : -", problems);
        String device = text(fields, "dev", NAME, "the device's id, such as oxi-b07", problems);
        String kind = text(fields, "k", KIND, "one of obs, wav, alarm, res, evt", problems);
        long from = number(fields, "from", problems);
        long to = number(fields, "to", problems);
        if (to < from) {
            problems.add("to is " + to + ", before from; write a number from " + from);
        }
        String epoch = fields.containsKey("ep") ? text(fields, "ep", EPOCH, "8 hex digits", problems) : null;
        return new Command.Replay(jti, client, device, kind, from, to, epoch);
    }

    private static String text(
            Map<String, String> fields, String name, Pattern form, String remedy, List<String> problems) {
        String text = fields.getOrDefault(name, "");
        if (!form.matcher(text).matches()) {
            problems.add(name + (text.isEmpty() ? " is missing" : " is '" + shown(text) + "'") + "; write " + remedy);
        }
        return text;
    }

    private static long number(Map<String, String> fields, String name, List<String> problems) {
        String text = fields.getOrDefault(name, "");
        try {
            long number = Long.parseLong(text);
            if (number >= 1 && number <= NUMBER_MAX) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // told below, together with numbers out of range
        }
        problems.add(name + (text.isEmpty() ? " is missing" : " is '" + shown(text) + "'")
                + "; write a whole number from 1 to " + NUMBER_MAX);
        return 1;
    }

    /** The scalars of the object; what is nested is passed over. */
    private static Map<String, String> fields(byte[] payload, List<String> problems) {
        Map<String, String> fields = new HashMap<>();
        if (payload.length > BYTES_MAX) {
            problems.add("the order has " + payload.length + " bytes; write at most " + BYTES_MAX);
            return fields;
        }
        try (JsonParser json = JSON.createParser(payload)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                problems.add("the payload is no JSON object; write {...}");
                return fields;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken().isScalarValue()) {
                    fields.put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                problems.add("more than one JSON object; write one");
            }
        } catch (IOException noJson) {
            problems.add("the payload is no JSON; write one object, UTF-8");
        }
        return fields;
    }

    private static String shown(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= 40 ? plain : plain.substring(0, 40) + "...";
    }
}
