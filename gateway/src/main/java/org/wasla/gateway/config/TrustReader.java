package org.wasla.gateway.config;

import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.trust.Keyring;

/** Reads {@code trust}: whose word counts on this box, and how a changed profile is tried. Stateless. */
public final class TrustReader {
    private static final Pattern GROUP = Pattern.compile("[a-z0-9-]{1,64}");
    public static final long WATCH_MS = 20_000;
    private static final long WATCH_MS_MIN = 1_000;
    private static final int LIVE_BYTES = 64 << 10;

    private TrustReader() {}

    /**
     * Immutable.
     *
     * @param keys file with the first list of keys, until a state brings another
     * @param groups what this box is part of, for states that are meant for several
     * @param watchMs how long the first device is watched under a changed profile, and then the others
     * @param liveBytes of each line kept in memory for trials, 0: none
     */
    public record Trust(Keyring.Roots roots, Path keys, List<String> groups, long watchMs, int liveBytes) {
        public Trust {
            groups = List.copyOf(groups);
        }
    }

    /** @return null when nobody may change this box from outside */
    static @Nullable Trust read(Section section) {
        List<PublicKey> roots = new ArrayList<>();
        for (Entry each : section.list("roots")) {
            Optional<PublicKey> key = Ed25519.key(each.text());
            key.ifPresent(roots::add);
            if (key.isEmpty()) {
                each.problem("is no Ed25519 key", "write its 32 bytes in base64url, 43 characters");
            }
        }
        int needed = section.whole("needed", 1, Math.max(1, roots.size()), 1);
        Path keys = section.get("keys").flatMap(Entry::file).orElse(null);
        List<String> groups = new ArrayList<>();
        for (Entry each : section.list("groups")) {
            groups.add(each.text(GROUP, "write small letters, digits and dashes, such as ward-a"));
        }
        long watchMs = section.millis("watch", WATCH_MS);
        if (watchMs < WATCH_MS_MIN) {
            section.need("watch", "20s").problem("is shorter than a second", "write 1s or more");
        }
        boolean keepsLive = section.flag("live", true);
        section.end();
        if (roots.isEmpty()) {
            if (section.list("roots").isEmpty() && !section.keys().isEmpty()) {
                section.problem("has no roots", "add roots: [KEY], or leave the section out");
            }
            return null;
        }
        if (keys == null) {
            section.problem("has roots and no keys", "add keys: /etc/wasla/keys.jws");
            return null;
        }
        return new Trust(new Keyring.Roots(roots, needed), keys, groups, watchMs, keepsLive ? LIVE_BYTES : 0);
    }
}
