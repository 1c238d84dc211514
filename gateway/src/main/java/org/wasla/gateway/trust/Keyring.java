package org.wasla.gateway.trust;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.wasla.gateway.command.Body;

/**
 * The keys that count, by role; signed by roots that the box was given when it was installed. Immutable.
 *
 * <p>A list of keys is one compact JWS a root, all with the same payload: {@code {"v":1,"rev":3,"exp":1798675200,
 * "keys":[{"kid":"tech-1","x":"...","who":"m-1","roles":["config","author"],"nbf":...,"exp":...}]}}, times in seconds
 * since 1970. The roots stay offline; what they list can be changed without visiting the box (the idea of The Update
 * Framework).
 */
public final class Keyring {
    /** What the header of a list of keys says in {@code typ}. */
    public static final String TYPE = "wasla-keys+jws";

    private static final int KEYS_MAX = 200;
    private static final long SECONDS_MAX = 1L << 36;
    private static final int CHARS_MAX = 200_000;
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern WHO = Pattern.compile("[a-z0-9._-]{1,64}");
    private static final Pattern ROLE = Pattern.compile("[a-z]{1,16}");
    private static final Pattern RAW = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final long revision;
    private final long expiresS;
    private final Map<String, Key> keys;

    /**
     * One key.
     *
     * @param who the person whose it is: two keys of one person are one person
     * @param fromS from when on it counts, seconds since 1970
     * @param untilS from when on no more
     */
    public record Key(String id, PublicKey key, String who, Set<Role> roles, long fromS, long untilS) {
        /** Copies the set. */
        public Key {
            roles = Set.copyOf(roles);
        }

        boolean counts(Role role, long nowS) {
            return roles.contains(role) && nowS >= fromS && nowS < untilS;
        }
    }

    /**
     * The roots of a box.
     *
     * @param needed so many of them must have signed a list
     */
    public record Roots(List<PublicKey> keys, int needed) {
        /** Copies the list. */
        public Roots {
            keys = List.copyOf(keys);
            if (needed < 1 || needed > keys.size()) {
                throw new IllegalArgumentException("needed is 1 to " + keys.size() + ": " + needed);
            }
        }
    }

    private Keyring(long revision, long expiresS, Map<String, Key> keys) {
        this.revision = revision;
        this.expiresS = expiresS;
        this.keys = Map.copyOf(keys);
    }

    /** Nobody may sign anything: a box that was given no roots. */
    public static Keyring none() {
        return new Keyring(0, 0, Map.of());
    }

    /**
     * @param signed one JWS a line
     * @param problems gets what is wrong, all of it; then nothing is returned
     */
    public static Optional<Keyring> read(String signed, Roots roots, List<String> problems) {
        if (signed.length() > CHARS_MAX) {
            problems.add("the list of keys has " + signed.length() + " characters; at most " + CHARS_MAX);
            return Optional.empty();
        }
        Optional<byte[]> payload = payload(signed.strip(), roots, problems);
        return payload.isEmpty() ? Optional.empty() : list(payload.get(), problems);
    }

    private static Optional<byte[]> payload(String signed, Roots roots, List<String> problems) {
        Set<PublicKey> signers = new HashSet<>();
        byte[] payload = null;
        for (String line : signed.split("\\s+")) {
            try {
                Jws jws = Jws.parse(line);
                if (!jws.type().equals(TYPE)) {
                    problems.add("typ is not " + TYPE);
                } else if (payload != null && !Arrays.equals(payload, jws.payload())) {
                    problems.add("the roots have not signed the same list");
                }
                payload = jws.payload();
                roots.keys().stream().filter(jws::isSignedBy).forEach(signers::add);
            } catch (Jws.Unreadable unreadable) {
                problems.add("the list of keys: " + unreadable.getMessage());
            }
        }
        if (signers.size() < roots.needed()) {
            problems.add(
                    signers.size() + " of the box's roots signed the list of keys; " + roots.needed() + " must have");
        }
        return problems.isEmpty() ? Optional.ofNullable(payload) : Optional.empty();
    }

    private static Optional<Keyring> list(byte[] payload, List<String> problems) {
        try (JsonParser json = JSON.createParser(payload)) {
            Body body = Body.read(json, problems);
            if (!body.plain("v").equals("1")) {
                body.problem("v is not 1");
            }
            long revision = body.number("rev", 1, SECONDS_MAX);
            long expiresS = body.number("exp", 1, SECONDS_MAX);
            Map<String, Key> keys = new HashMap<>();
            for (Body each : body.bodies("keys", KEYS_MAX)) {
                Key key = key(each);
                if (key != null && keys.put(key.id(), key) != null) {
                    each.problem("the kid is there already; write each once");
                }
            }
            return problems.isEmpty() ? Optional.of(new Keyring(revision, expiresS, keys)) : Optional.empty();
        } catch (IOException noJson) {
            problems.add("the list of keys is no JSON, or says something twice");
            return Optional.empty();
        }
    }

    private static @org.jspecify.annotations.Nullable Key key(Body body) {
        String id = body.text("kid", KEY_ID, "up to 64 letters, digits and . _ -");
        Optional<PublicKey> key = Ed25519.key(body.text("x", RAW, "an Ed25519 key, 32 bytes in base64url"));
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        for (String wire :
                body.texts("roles", Role.values().length, ROLE, "config, author, approver, command, system, release")) {
            Optional<Role> role = Role.of(wire);
            role.ifPresent(roles::add);
            if (role.isEmpty()) {
                body.problem("roles holds '" + wire + "'; write config, author, approver, command, system, release");
            }
        }
        String who = body.text("who", WHO, "whose key it is, up to 64 of a-z, 0-9 and . _ -");
        long fromS = body.has("nbf") ? body.number("nbf", 0, SECONDS_MAX) : 0;
        long untilS = body.number("exp", 1, SECONDS_MAX);
        if (key.isEmpty()) {
            body.problem("x is no Ed25519 key");
            return null;
        }
        return new Key(id, key.get(), who, roles, fromS, untilS);
    }

    /** Rises with each list: an older one does not take the place of a newer. */
    public long revision() {
        return revision;
    }

    /**
     * Who signed, when the key may sign that, and now.
     *
     * @param type what {@code typ} must say
     * @param nowS UTC, seconds since 1970
     * @param problems gets why not
     */
    public Optional<Key> signer(Jws jws, String type, Role role, long nowS, List<String> problems) {
        Key key = keys.get(jws.keyId());
        if (!jws.type().equals(type)) {
            problems.add("typ is not " + type);
        } else if (key == null) {
            problems.add("the key '" + Body.shown(jws.keyId()) + "' is not in the list of keys");
        } else if (!jws.isSignedBy(key.key())) {
            problems.add("the signature is not that of key '" + key.id() + "', or a byte was changed");
        } else if (nowS >= expiresS) {
            problems.add("the list of keys has expired; the roots must sign a new one");
        } else if (!key.counts(role, nowS)) {
            problems.add("key '" + key.id() + "' may not sign as " + role.wire() + " now");
        } else {
            return Optional.of(key);
        }
        return Optional.empty();
    }

    /** How many keys it lists. */
    public int size() {
        return keys.size();
    }

    /** A line a key, for whoever is to sign the list: id, person, roles, until when. */
    public List<String> told() {
        List<String> told = new ArrayList<>(List.of(size() + " keys, list " + revision + ":"));
        keys.values().stream()
                .sorted(Comparator.comparing(Key::id))
                .forEach(key -> told.add("  " + key.id() + " of " + key.who()
                        + ", may sign as "
                        + key.roles().stream().map(Role::wire).sorted().collect(Collectors.joining(", "))
                        + ", until " + Instant.ofEpochSecond(Math.min(key.untilS(), expiresS))));
        return told;
    }

    /** The ids, for a report. */
    public List<String> ids() {
        return new ArrayList<>(keys.keySet().stream().sorted().toList());
    }
}
