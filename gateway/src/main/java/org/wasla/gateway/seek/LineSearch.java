package org.wasla.gateway.seek;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.identify.Candidate;
import org.wasla.gateway.identify.Chunk;
import org.wasla.gateway.identify.Identifier;
import org.wasla.gateway.identify.Search;
import org.wasla.gateway.identify.SerialTries;
import org.wasla.gateway.profile.Fingerprint.Probe;
import org.wasla.gateway.profile.Profile;

/** Listens to one line at one setting after the other, and asks questions only when told to. One thread. */
public final class LineSearch {
    private static final long MS = 1_000_000;
    private static final int WAIT_MS = 50;
    private static final long JUDGE_MS = 300;
    private static final long ANSWER_MS = 2_000;
    private static final long ANSWER_ENDS_MS = 400;
    private static final int KEPT_BYTES_MAX = 65_536;

    private final List<Profile> profiles;
    private final LinkSettings line;
    private final CaptureFile capture;
    private final Ending ending;
    private final Consumer<String> told;
    private List<Finding> best = List.of();
    private boolean isLost;

    /**
     * @param capture keeps what is heard and said
     * @param told takes what is being tried, in words
     */
    public LineSearch(
            List<Profile> profiles, LinkSettings line, CaptureFile capture, Ending ending, Consumer<String> told) {
        this.profiles = List.copyOf(profiles);
        this.line = line;
        this.capture = capture;
        this.ending = ending;
        this.told = told;
    }

    /** What one setting brought: the bytes, and the profiles that fit them. */
    private record Heard(List<Chunk> chunks, List<Candidate> ranked) {
        double confidence() {
            return ranked.isEmpty() ? 0 : ranked.get(0).confidence();
        }
    }

    /** Sends nothing. */
    public List<Finding> listen(long forNs, boolean untilSilence) throws IOException, InterruptedException {
        Search search = new Search(settings(), System.nanoTime(), forNs);
        double highest = 0;
        while (!search.isOver(System.nanoTime()) && !isLost && !ending.isAsked()) {
            LinkSettings setting = at(search.setting()).withReadOnly(true);
            tell("listening", setting);
            Search.Look look = new Search.Look(System.nanoTime());
            Heard heard = look(search, look, setting);
            search.done(look);
            if (heard.confidence() > highest) {
                highest = heard.confidence();
                best = findings(heard, setting);
            }
            if (untilSilence && search.isSilent()) {
                return best;
            }
        }
        return best;
    }

    private Heard look(Search search, Search.Look look, LinkSettings setting) throws IOException, InterruptedException {
        List<Chunk> chunks = new ArrayList<>();
        List<Candidate> ranked = List.of();
        long judgedNs = System.nanoTime();
        boolean isNew = false;
        try (Link link = setting.open()) {
            while (search.goesOn(look, System.nanoTime()) && !isLost && !ending.isAsked()) {
                boolean came = read(link, chunks);
                long nowNs = System.nanoTime();
                if (came) {
                    look.heard(nowNs);
                    isNew = true;
                }
                if (isNew && (!came || nowNs - judgedNs >= JUDGE_MS * MS)) {
                    ranked = Identifier.rank(profiles, chunks);
                    look.judged(ranked.isEmpty() ? 0 : ranked.get(0).confidence(), chunks);
                    judgedNs = System.nanoTime();
                    isNew = false;
                }
            }
        }
        return new Heard(chunks, ranked);
    }

    /** @return whether bytes came. A network device that ends the connection has said what it says */
    private boolean read(Link link, List<Chunk> chunks) throws IOException, InterruptedException {
        byte[] buffer = new byte[4096];
        int length;
        try {
            length = link.read(buffer, WAIT_MS);
        } catch (IOException lost) {
            if (line instanceof SerialSettings && !ending.endsProcess()) {
                throw lost;
            }
            isLost = true;
            return false;
        }
        if (length <= 0) {
            return false;
        }
        capture.fromDevice(buffer, length);
        if (chunks.stream().mapToInt(chunk -> chunk.bytes().size()).sum() < KEPT_BYTES_MAX) {
            chunks.add(new Chunk(capture.ms(), Bytes.of(buffer, 0, length)));
        }
        return true;
    }

    /** Asks the questions of the profiles, each at the settings of its profile, until one is answered. */
    public List<Finding> probe() throws IOException, InterruptedException {
        for (String setting : settings()) {
            Set<String> asked = new TreeSet<>();
            for (Profile profile : profiles) {
                for (Probe probe : profile.fingerprint().probes()) {
                    boolean isDue = isSetting(profile, setting)
                            && asked.add(probe.send().toString());
                    if (isDue && !ending.isAsked()) {
                        List<Finding> found = ask(at(setting).withReadOnly(false), profile, probe);
                        if (!found.isEmpty()) {
                            return found;
                        }
                    }
                }
            }
        }
        return List.of();
    }

    private boolean isSetting(Profile profile, String setting) {
        return !(line instanceof SerialSettings) || profile.serialTries().contains(setting);
    }

    private List<Finding> ask(LinkSettings setting, Profile asking, Probe probe)
            throws IOException, InterruptedException {
        tell("asking as " + asking.id() + " does", setting);
        List<Chunk> chunks = new ArrayList<>();
        try (Link link = setting.open()) {
            link.write(probe.send().toArray());
            capture.toDevice(probe.send().toArray());
            long sentNs = System.nanoTime();
            long lastNs = sentNs;
            while (System.nanoTime() - lastNs < (chunks.isEmpty() ? ANSWER_MS : ANSWER_ENDS_MS) * MS
                    && System.nanoTime() - sentNs < 3 * ANSWER_MS * MS
                    && !isLost
                    && !ending.isAsked()) {
                if (read(link, chunks)) {
                    lastNs = System.nanoTime();
                }
            }
        }
        isLost = false;
        List<Chunk> answer = withoutEcho(chunks, probe.send());
        return findings(new Heard(answer, Identifier.answer(profiles, answer, asking, probe.answers())), setting);
    }

    /** Some adapters hand back what they send, and a question must not pass for its own answer. */
    private static List<Chunk> withoutEcho(List<Chunk> chunks, Bytes sent) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.bytes().latin1()));
        return text.toString().startsWith(sent.latin1())
                ? List.of(new Chunk(chunks.get(0).timeMs(), Bytes.latin1(text.substring(sent.size()))))
                : chunks;
    }

    private List<Finding> findings(Heard heard, LinkSettings setting) {
        List<Finding> findings = new ArrayList<>();
        for (Candidate candidate : Identifier.known(heard.ranked())) {
            if (setting instanceof SerialSettings serial) {
                Candidate told = new Candidate(
                        candidate.profile(), candidate.confidence(), "at " + serial.line() + ": " + candidate.why());
                findings.add(new Finding(told, Finding.link(candidate.profile(), serial)));
            } else {
                findings.add(new Finding(candidate, setting.text()));
            }
        }
        return findings;
    }

    private void tell(String what, LinkSettings setting) throws IOException {
        String where = setting instanceof SerialSettings serial ? serial.line() : setting.text();
        told.accept(what + ": " + where);
        capture.comment(what + ": " + where);
    }

    /** All settings that a profile tries, the one of most profiles first; one alone where there is nothing to set. */
    private List<String> settings() {
        return line instanceof SerialSettings ? SerialTries.of(profiles) : List.of("");
    }

    private LinkSettings at(String setting) {
        return line instanceof SerialSettings serial ? serial.withLine(setting) : line;
    }
}
