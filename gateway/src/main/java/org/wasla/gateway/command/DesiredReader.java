package org.wasla.gateway.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the payload of {@code cfg/desired} once its signature was checked: one JSON object of at most
 * {@value #BYTES_MAX} bytes in which every member is known and said once. Stateless.
 *
 * <p>Unlike in orders an unknown member is a mistake: a box that passes over half of a state would run another one.
 */
public final class DesiredReader {

    /** Of the whole state; what is longer is refused unread. */
    public static final int BYTES_MAX = 1 << 20;

    private static final String PROFILE_FILE = "profile.yaml";
    private static final int AUDIENCE_MAX = 500;
    private static final int PROFILES_MAX = 50;
    private static final int FILES_MAX = 40;
    private static final int STATEMENTS_MAX = 4;
    static final long SECONDS_MAX = 1L << 36;
    private static final long LIFE_S_MAX = 92L * 86_400;

    private static final Pattern AUDIENCE = Pattern.compile("(?:group:)?[a-z0-9-]{1,64}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern ID = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?");
    static final Pattern VERSION = Pattern.compile("\\d{1,5}\\.\\d{1,5}\\.\\d{1,5}");
    private static final Pattern STATEMENT = Pattern.compile("[A-Za-z0-9_.-]{1,4000}");
    /** Nothing that leads out of the profile's folder can be written so. */
    private static final Pattern PATH =
            Pattern.compile("profile\\.yaml|captures/[a-z0-9][a-z0-9-]{0,60}\\.(?:cap|expected\\.jsonl)");

    private static final Set<String> MEMBERS =
            Set.of("v", "aud", "rev", "prev", "nbf", "exp", "min-sw", "keys", "devices", "profiles", "remove");
    private static final Set<String> PROFILE_MEMBERS = Set.of("id", "version", "sha256", "statements", "files");
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(10)
                    .maxStringLength(BYTES_MAX)
                    .build())
            .build();

    private DesiredReader() {}

    /** @param problems gets all that is wrong, and what to write instead; then nothing is returned */
    public static Optional<Desired> read(byte[] payload, List<String> problems) {
        if (payload.length > BYTES_MAX) {
            problems.add("the state has " + payload.length + " bytes; write at most " + BYTES_MAX);
            return Optional.empty();
        }
        Body body;
        try (JsonParser json = JSON.createParser(payload)) {
            body = Body.read(json, problems);
        } catch (IOException noJson) {
            problems.add("the state is no JSON, is nested too deep, or says something twice");
            return Optional.empty();
        }
        Desired desired = problems.isEmpty() ? desired(body) : null;
        return problems.isEmpty() ? Optional.ofNullable(desired) : Optional.empty();
    }

    private static Desired desired(Body body) {
        body.only(MEMBERS);
        if (!body.plain("v").equals("1")) {
            body.problem("v is '" + Body.shown(body.plain("v")) + "'; write 1");
        }
        List<String> audience = body.texts("aud", AUDIENCE_MAX, AUDIENCE, "ids of gateways or group:{name}");
        if (audience.isEmpty()) {
            body.problem("aud names nobody; write ids of gateways or group:{name}");
        }
        if (!body.has("prev")) {
            body.problem("prev is missing; write the hashes that it may replace, or [] to replace any");
        }
        long fromS = body.number("nbf", 0, SECONDS_MAX);
        long untilS = body.number("exp", 1, SECONDS_MAX);
        if (untilS <= fromS || untilS - fromS > LIFE_S_MAX) {
            body.problem("exp is not within " + LIFE_S_MAX / 86_400 + " days after nbf");
        }
        String keys = body.whole("keys");
        return new Desired(
                audience,
                body.number("rev", 1, CommandReader.NUMBER_MAX),
                body.texts("prev", AUDIENCE_MAX, HASH, "SHA-256 in 64 hex digits"),
                fromS,
                untilS,
                body.optional("min-sw", VERSION, "a version such as 1.2.0"),
                keys == null ? "" : keys,
                body.whole("devices"),
                bundles(body),
                body.texts("remove", PROFILES_MAX, ID, "ids of profiles"));
    }

    /** The profiles of a state, or of a release. */
    static List<Desired.Bundle> bundles(Body body) {
        List<Desired.Bundle> bundles = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Body each : body.bodies("profiles", PROFILES_MAX)) {
            each.only(PROFILE_MEMBERS);
            String id = each.text("id", ID, "a profile's id");
            if (!ids.add(id)) {
                each.problem("the id is there already; write each profile once");
            }
            bundles.add(bundle(each, id));
        }
        return bundles;
    }

    private static Desired.Bundle bundle(Body body, String id) {
        String hash = body.text("sha256", HASH, "SHA-256 of profile.yaml in 64 hex digits");
        Map<String, String> files = new TreeMap<>();
        for (Map.Entry<String, String> file : body.scalars("files", FILES_MAX).entrySet()) {
            if (PATH.matcher(file.getKey()).matches()) {
                files.put(file.getKey(), file.getValue());
            } else {
                body.problem("files has '" + Body.shown(file.getKey())
                        + "'; write profile.yaml, captures/{name}.cap or captures/{name}.expected.jsonl");
            }
        }
        String profile = files.get(PROFILE_FILE);
        if (profile == null) {
            body.problem("files has no profile.yaml");
        } else if (!sha256(profile).equals(hash)) {
            body.problem("sha256 is not that of profile.yaml");
        }
        return new Desired.Bundle(
                id,
                body.text("version", VERSION, "a version such as 1.2.0"),
                hash,
                body.texts("statements", STATEMENTS_MAX, STATEMENT, "compact JWS of author and approver"),
                files);
    }

    /** @return SHA-256 of the text's UTF-8, 64 hex digits */
    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @return 64 hex digits */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
