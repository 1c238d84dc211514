package org.wasla.gateway.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an order: the verb is the last level of its topic, the payload one JSON object of at most
 * {@value #BYTES_MAX} bytes; fields that it does not know are passed over. Thread-safe.
 *
 * <p>Where signatures are asked for the payload is a JWS, whose content comes here once a {@link Gate} has checked
 * signature, audience and life. Elsewhere whoever may publish below {@code cmd/} at the broker may give orders.
 */
public final class CommandReader {

    public static final int BYTES_MAX = 128 << 10;
    /** The client that is answered when the order names none. */
    public static final String CLIENT = "replay";

    static final long NUMBER_MAX = 1L << 53;
    private static final Pattern LEVEL = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,128}");
    private static final Pattern KIND = Pattern.compile("obs|wav|alarm|res|evt");
    private static final Pattern JTI = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern EPOCH = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern NUMBER = Pattern.compile("[^\\p{Cntrl}^~|\\\\&]{1,64}");
    private static final int WHO_MAX = 64;
    private static final String VERBS = "hello, replay, worklist, associate, lookup, logs, restart, identify, capture";
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
        Body body = body(payload, problems);
        boolean isReadable = problems.size() == before;
        String jti = JTI.matcher(body.plain("jti")).matches() ? body.plain("jti") : "";
        Command command = null;
        switch (verb) {
            case "hello" -> command = new Command.Hello();
            case "replay" -> command = isReadable ? replay(body, client) : null;
            case "worklist" -> command = isReadable ? WorklistReader.read(body, jti(body), client) : null;
            case "lookup" -> command = isReadable ? LookupReader.read(body, jti(body), client) : null;
            case "logs" -> command = isReadable ? ServiceReader.logs(body, jti(body), client) : null;
            case "restart" -> command = isReadable ? new Command.Restart(jti(body), client) : null;
            case "identify" -> command = isReadable ? ServiceReader.identify(body, jti(body), client) : null;
            case "capture" -> command = isReadable ? ServiceReader.capture(body, jti(body), client) : null;
            case "associate" -> command = isReadable ? associate(body, client) : null;
            default -> problems.add("the verb is '" + Body.shown(verb) + "'; the known ones are " + VERBS);
        }
        return new Reading(
                problems.isEmpty() ? Optional.ofNullable(command) : Optional.empty(),
                problems,
                verb(topic),
                jti,
                client);
    }

    /** The verb as far as it can be repeated in an answer, empty when it cannot. */
    public static String verb(String topic) {
        String verb = topic.substring(topic.lastIndexOf('/') + 1);
        return LEVEL.matcher(verb).matches() ? verb : "";
    }

    /** Whom to answer, {@link #CLIENT} when the order names nobody. */
    public static String client(@Nullable String responseTopic) {
        return client(responseTopic, new ArrayList<>());
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

    private static String jti(Body body) {
        String version = body.has("v") ? body.plain("v") : "1";
        if (!version.equals("1")) {
            body.problem("v is '" + Body.shown(version) + "'; write 1");
        }
        return body.text("jti", JTI, "up to 64 letters, digits and . _ : -");
    }

    private static Command replay(Body body, String client) {
        String jti = jti(body);
        String device = body.text("dev", NAME, "the device's id, such as oxi-b07");
        String kind = body.text("k", KIND, "one of obs, wav, alarm, res, evt");
        long from = body.number("from", 1, NUMBER_MAX);
        long to = body.number("to", 1, NUMBER_MAX);
        if (to < from) {
            body.problem("to is " + to + ", before from; write a number from " + from);
        }
        String epoch = body.has("ep") ? body.text("ep", EPOCH, "8 hex digits") : null;
        return new Command.Replay(jti, client, device, kind, from, to, epoch);
    }

    private static Command associate(Body body, String client) {
        String jti = jti(body);
        String device = body.text("dev", NAME, "the device's id, such as oxi-b07");
        Body of = body.body("pat", true);
        Command.Associate.Patient patient = null;
        if (of != null) {
            patient = new Command.Associate.Patient(
                    of.text("id", NUMBER, "the patient's number, up to 64 characters without ^ ~ | \\ &"),
                    of.optional("auth", NUMBER, "who gave the number, up to 64 characters without ^ ~ | \\ &"));
        } else if (!body.says("pat")) {
            body.problem("pat is missing; write {\"id\":...}, or null to end it");
        }
        Long fromMs = body.has("t") ? body.number("t", 1, NUMBER_MAX) : null;
        String who = body.words("who", WHO_MAX);
        return new Command.Associate(jti, client, device, patient, fromMs, who.isEmpty() ? null : who);
    }

    private static Body body(byte[] payload, List<String> problems) {
        if (payload.length > BYTES_MAX) {
            problems.add("the order has " + payload.length + " bytes; write at most " + BYTES_MAX);
            return Body.empty(problems);
        }
        try (JsonParser json = JSON.createParser(payload)) {
            return Body.read(json, problems);
        } catch (IOException noJson) {
            problems.add("the payload is no JSON; write one object, UTF-8");
            return Body.empty(problems);
        }
    }
}
