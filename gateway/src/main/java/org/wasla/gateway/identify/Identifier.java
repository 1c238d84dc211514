package org.wasla.gateway.identify;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.profile.Fingerprint;
import org.wasla.gateway.profile.Profile;

/**
 * Says which profiles fit what was heard from an unknown device. The grammar of each profile is its fingerprint: it reads
 * the bytes, and what counts is how many of them became messages and how much the profile says about them. A wrong answer
 * costs more than none: {@link #known} leaves out what is not sure enough. Pure.
 */
public final class Identifier {
    /** Below this confidence a candidate is no answer. */
    public static final double LEAST = 0.5;

    /** Candidates whose confidences differ by less are hard to tell apart. */
    private static final double NEAR = 0.1;

    /** With less of the bytes understood it is an accident. */
    private static final double LEAST_SHARE = 0.3;

    /** With this part of the bytes understood the rest may be damage. */
    private static final double WHOLE = 0.8;

    /** Nothing is ever quite certain. */
    private static final double HIGHEST = 0.99;

    /** What a candidate keeps of its confidence while it lacks messages: too little to be an answer. */
    private static final double TOO_FEW = 0.4;

    private static final int HEARD_BYTES_MAX = 65_536;

    private Identifier() {}

    /** @return all that fit in some way, the best first; only the first 64 KiB heard are looked at */
    public static List<Candidate> rank(List<Profile> profiles, List<Chunk> heard) {
        List<Chunk> first = first(heard);
        List<Candidate> candidates = new ArrayList<>();
        for (Profile profile : profiles) {
            Candidate spoken = bySpeech(profile, first, Set.of());
            Candidate knocking = byKnock(profile, first);
            Candidate better = spoken.confidence() >= knocking.confidence() ? spoken : knocking;
            if (better.confidence() > 0) {
                candidates.add(better);
            }
        }
        return sorted(candidates);
    }

    private static List<Candidate> sorted(List<Candidate> candidates) {
        candidates.sort(Comparator.comparingDouble(Candidate::confidence)
                .reversed()
                .thenComparing(candidate -> candidate.profile().id()));
        return candidates;
    }

    /** @return those of a ranking that are an answer, each with the others that fit nearly as well in its reason */
    public static List<Candidate> known(List<Candidate> ranked) {
        List<Candidate> sure = ranked.stream()
                .filter(candidate -> candidate.confidence() >= LEAST)
                .toList();
        List<Candidate> told = new ArrayList<>();
        for (Candidate candidate : sure) {
            List<String> near = sure.stream()
                    .filter(other ->
                            !other.profile().id().equals(candidate.profile().id())
                                    && Math.abs(other.confidence() - candidate.confidence()) < NEAR)
                    .map(other -> other.profile().id())
                    .toList();
            told.add(
                    near.isEmpty()
                            ? candidate
                            : new Candidate(
                                    candidate.profile(),
                                    candidate.confidence(),
                                    candidate.why() + "; hard to tell from " + String.join(", ", near)));
        }
        return told;
    }

    /**
     * What came after the question of one profile: its own answers count even where nothing of them is published, and
     * without one of them it is not that device.
     *
     * @param heard without an echo of the question
     */
    public static List<Candidate> answer(
            List<Profile> profiles, List<Chunk> heard, Profile asked, Set<String> answers) {
        List<Candidate> candidates = new ArrayList<>();
        for (Candidate candidate : rank(profiles, heard)) {
            if (!candidate.profile().id().equals(asked.id())) {
                candidates.add(candidate);
            }
        }
        List<Chunk> first = first(heard);
        Candidate own = bySpeech(asked, first, answers);
        if (own.confidence() > 0 && Reading.of(asked, first, answers).has(answers)) {
            candidates.add(own);
        }
        return sorted(candidates);
    }

    /** @return the profiles whose beacon this datagram is, the port that it came on, one character a byte */
    public static List<Candidate> beacon(List<Profile> profiles, int port, String datagram) {
        List<Candidate> candidates = new ArrayList<>();
        for (Profile profile : profiles) {
            Fingerprint.Beacon beacon = profile.fingerprint().beacon();
            if (beacon != null && beacon.port() == port && Knock.found(Sought.matcher(beacon.text(), datagram))) {
                candidates.add(new Candidate(
                        profile, capped(profile, HIGHEST), "its beacon of " + datagram.length() + " bytes"));
            }
        }
        return sorted(candidates);
    }

    private static List<Chunk> first(List<Chunk> heard) {
        int size = 0;
        for (int i = 0; i < heard.size(); i++) {
            size += heard.get(i).bytes().size();
            if (size >= HEARD_BYTES_MAX) {
                return heard.subList(0, i + 1);
            }
        }
        return heard;
    }

    private static Candidate bySpeech(Profile profile, List<Chunk> heard, Set<String> telling) {
        Reading reading = Reading.of(profile, heard, telling);
        int messages = reading.messages().size();
        double share = reading.share();
        if (messages == 0 || share < LEAST_SHARE) {
            return new Candidate(profile, 0, "");
        }
        Specificity specificity = Specificity.of(profile, heard, reading, telling);
        double fit = Math.min(1, share / WHOLE)
                * specificity.factor()
                * specificity.certainty(reading.goodBytes())
                * (0.9 + 0.1 * reading.known());
        String why = String.format(
                Locale.ROOT,
                "%s; %d %% of the bytes fit%s; %d %% of changes to them would be noticed",
                reading.summary(),
                (int) Math.floor(100 * share),
                profile.talk().isChecked() ? ", with their checksums" : "",
                specificity.percent());
        Fingerprint fingerprint = profile.fingerprint();
        Pattern needed = fingerprint.needed();
        boolean isNamed = needed == null || Knock.found(Sought.matcher(needed, Chunk.text(heard)));
        boolean isEnough = isNamed && (fingerprint.knock() != null || messages >= fingerprint.least());
        return new Candidate(profile, enough(profile, isEnough, fit), why);
    }

    /** A device that waits for an answer of ours says the same few bytes again and again. */
    private static Candidate byKnock(Profile profile, List<Chunk> heard) {
        Pattern pattern = profile.fingerprint().knock();
        if (pattern == null) {
            return new Candidate(profile, 0, "");
        }
        Knock knock = Knock.of(pattern, Chunk.text(heard));
        String why = String.format(
                Locale.ROOT, "waits to be answered: its call came %d times, %d %% of the bytes", knock.times(), (int)
                        Math.floor(100 * knock.share()));
        boolean isEnough = knock.times() >= profile.fingerprint().least();
        return new Candidate(profile, knock.share() < LEAST_SHARE ? 0 : enough(profile, isEnough, knock.share()), why);
    }

    private static double enough(Profile profile, boolean isEnough, double fit) {
        double confidence = capped(profile, HIGHEST * fit);
        return isEnough ? confidence : Math.min(confidence, TOO_FEW);
    }

    private static double capped(Profile profile, double confidence) {
        return Math.min(profile.fingerprint().most(), confidence);
    }
}
