package org.wasla.gateway.command;

import java.util.List;
import java.util.Optional;

/**
 * What a bundle carries: profiles for boxes that no network reaches. Immutable. Nothing of it counts before it was checked
 * against the box that it came to.
 *
 * @param name what it is called, for people
 * @param madeS when it was signed by its maker's clock, seconds since 1970; nothing depends on it
 * @param softwareMin the oldest software that understands it, empty for any
 * @param profiles new and changed ones, at least one
 */
public record Release(String name, long madeS, String softwareMin, List<Desired.Bundle> profiles) {
    /** Copies the list. */
    public Release {
        profiles = List.copyOf(profiles);
    }

    /**
     * The state that it makes of a box's state: the profiles are replaced, all else stays.
     *
     * @param gateway the box
     * @param revision the box's next
     * @param previous hash of the state that the box is in, empty when it has none
     */
    public Desired on(String gateway, long revision, String previous) {
        return new Desired(
                List.of(gateway),
                revision,
                previous.isEmpty() ? List.of() : List.of(previous),
                0,
                DesiredReader.SECONDS_MAX,
                softwareMin,
                "",
                null,
                profiles,
                List.of());
    }

    /**
     * Why one of its profiles may not take the place of another: a bundle is older than what came after it, and must not
     * bring back what was corrected since.
     *
     * @param bundle one of {@link #profiles}
     * @param version that of the profile in force
     * @param hash of that profile, the first digits of it or all
     */
    public static Optional<String> refusal(Desired.Bundle bundle, String version, String hash) {
        int order = compare(bundle.version(), version);
        if (order < 0) {
            return Optional.of("its version " + bundle.version() + " is older than " + version
                    + ", which is in force; to go back give the old content a new version");
        }
        if (order == 0 && !bundle.hash().startsWith(hash)) {
            return Optional.of(
                    "version " + version + " is in force with another content; give the new one a new version");
        }
        return Optional.empty();
    }

    /** By numbers and not by letters: 1.10.0 is newer than 1.9.0, and 1.0.0 than 1.0.0-draft. */
    private static int compare(String version, String other) {
        String[] ones = version.split("-", 2);
        String[] others = other.split("-", 2);
        String[] a = ones[0].split("\\.");
        String[] b = others[0].split("\\.");
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            int difference = Long.compare(number(a[i]), number(b[i]));
            if (difference != 0) {
                return difference;
            }
        }
        return Integer.compare(others.length, ones.length);
    }

    private static long number(String part) {
        return part.matches("\\d{1,18}") ? Long.parseLong(part) : 0;
    }
}
