package org.wasla.gateway.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.wasla.gateway.command.Body;

/**
 * The highest revision of a box, signed with its own key: it is told to the platform, and a box that was set back to an
 * old copy of its disk learns from there what it had. Stateless.
 */
public final class RevisionProof {
    /** What its header says in {@code typ}. */
    public static final String TYPE = "wasla-revision+jws";

    private static final long NUMBER_MAX = 1L << 53;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RevisionProof() {}

    /** @return a compact JWS */
    public static String of(String gateway, BoxKey key, Revisions.Revision revision) {
        String payload =
                "{\"gw\":\"" + gateway + "\",\"rev\":" + revision.number() + ",\"hash\":\"" + revision.hash() + "\"}";
        return Jws.sign(gateway, TYPE, payload.getBytes(StandardCharsets.UTF_8), key.secret());
    }

    /** Empty when this box did not sign it. */
    public static Optional<Revisions.Revision> read(String proof, String gateway, BoxKey key) {
        List<String> problems = new ArrayList<>();
        try {
            Jws jws = Jws.parse(proof);
            if (!jws.type().equals(TYPE) || !jws.isSignedBy(key.open())) {
                return Optional.empty();
            }
            try (JsonParser json = JSON.createParser(jws.payload())) {
                Body body = Body.read(json, problems);
                boolean isOurs = body.plain("gw").equals(gateway);
                Revisions.Revision revision = new Revisions.Revision(
                        body.number("rev", 1, NUMBER_MAX), body.text("hash", HASH, "SHA-256 in 64 hex digits"));
                return isOurs && problems.isEmpty() ? Optional.of(revision) : Optional.empty();
            }
        } catch (Jws.Unreadable | IOException noProof) {
            return Optional.empty();
        }
    }
}
