package org.wasla.gateway.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.wasla.gateway.command.Body;
import org.wasla.gateway.command.DesiredReader;

/**
 * A command as a compact JWS, and whether a box may carry it out. Immutable.
 *
 * <p>The payload is the command's object, and in it {@code aud} (the gateway, or {@code group:} and a name), {@code verb},
 * {@code iat} and {@code exp} (seconds since 1970, at most {@value #LIFE_S_MAX} apart) and {@code jti}.
 *
 * @param jti its identity, as far as it can be repeated in an answer; may be there although there are problems
 * @param untilS from when on it counts no more
 * @param hash SHA-256 of the signed text
 * @param keyId whose key it was; empty when the signature does not hold
 * @param problems why it is not carried out; empty when it may be
 */
public record SignedCommand(
        String jti, long untilS, String hash, String keyId, Optional<Jws> jws, List<String> problems) {
    /** What the header of a command says in {@code typ}. */
    public static final String TYPE = "wasla-command+jws";
    /** A command lives no longer, seconds. */
    public static final long LIFE_S_MAX = 300;

    /** Clocks of people who sign may be so much ahead of the box's. */
    static final long AHEAD_S = 60;

    private static final Set<String> OF_SYSTEMS = Set.of("replay", "worklist", "associate", "lookup");
    private static final long SECONDS_MAX = 1L << 36;
    private static final Pattern JTI = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern AUDIENCE = Pattern.compile("(?:group:)?[a-z0-9-]{1,64}");
    private static final Pattern VERB = Pattern.compile("[a-z]{1,16}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Copies the list. */
    public SignedCommand {
        problems = List.copyOf(problems);
    }

    /** Whom a command must be meant for. */
    public record Box(String gateway, List<String> groups) {
        /** Copies the list. */
        public Box {
            groups = List.copyOf(groups);
        }

        boolean isMeant(String audience) {
            return audience.equals(gateway) || groups.stream().anyMatch(group -> audience.equals("group:" + group));
        }
    }

    /**
     * Checks everything but whether it was there before.
     *
     * @param verb of the topic that it came on
     * @param nowS UTC, seconds since 1970, as {@link Spent#nowS} gives it
     */
    public static SignedCommand check(String verb, String text, Keyring keys, Box box, long nowS) {
        List<String> problems = new ArrayList<>();
        try {
            Jws jws = Jws.parse(text);
            Optional<Keyring.Key> signer = signer(jws, verb, keys, nowS, problems);
            Body body = body(jws, signer.isPresent() ? problems : new ArrayList<>());
            String jti = JTI.matcher(body.plain("jti")).matches() ? body.plain("jti") : "";
            long untilS = signer.isEmpty() ? 0 : claims(body, verb, box, nowS);
            String by = signer.map(Keyring.Key::id).orElse("");
            return new SignedCommand(jti, untilS, DesiredReader.sha256(text), by, Optional.of(jws), problems);
        } catch (Jws.Unreadable unreadable) {
            problems.add("this box takes signed commands only: " + unreadable.getMessage());
        } catch (IOException noJson) {
            problems.add("the signed payload is no JSON, or says something twice");
        }
        return new SignedCommand("", 0, "", "", Optional.empty(), problems);
    }

    private static Optional<Keyring.Key> signer(Jws jws, String verb, Keyring keys, long nowS, List<String> problems) {
        if (OF_SYSTEMS.contains(verb)) {
            Optional<Keyring.Key> system = keys.signer(jws, TYPE, Role.SYSTEM, nowS, new ArrayList<>());
            if (system.isPresent()) {
                return system;
            }
        }
        return keys.signer(jws, TYPE, Role.COMMAND, nowS, problems);
    }

    private static Body body(Jws jws, List<String> problems) throws IOException {
        try (JsonParser json = JSON.createParser(jws.payload())) {
            return Body.read(json, problems);
        }
    }

    private static long claims(Body body, String verb, Box box, long nowS) {
        body.text("jti", JTI, "up to 64 letters, digits and . _ : -");
        String audience = body.text("aud", AUDIENCE, "the gateway's id, or group:{name}");
        if (AUDIENCE.matcher(audience).matches() && !box.isMeant(audience)) {
            body.problem("it is meant for others: aud names neither this box nor a group of it");
        }
        String meant = body.text("verb", VERB, "the verb of its topic");
        if (VERB.matcher(meant).matches() && !meant.equals(verb)) {
            body.problem("verb is '" + Body.shown(meant) + "', and it came on cmd/" + Body.shown(verb));
        }
        long fromS = body.number("iat", 1, SECONDS_MAX);
        long untilS = body.number("exp", 1, SECONDS_MAX);
        if (untilS <= fromS || untilS - fromS > LIFE_S_MAX) {
            body.problem("exp is not within " + LIFE_S_MAX + " s after iat");
        } else if (nowS >= untilS) {
            body.problem("it has expired " + (nowS - untilS) + " s ago by the clock of the box; sign it anew");
        } else if (fromS > nowS + AHEAD_S) {
            body.problem("it is from " + (fromS - nowS) + " s in the future by the clock of the box;"
                    + " see both clocks, and sign it anew");
        }
        return untilS;
    }
}
