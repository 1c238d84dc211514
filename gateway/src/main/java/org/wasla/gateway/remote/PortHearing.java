package org.wasla.gateway.remote;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.link.Flow;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.command.Reply;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.identify.Candidate;
import org.wasla.gateway.identify.Chunk;
import org.wasla.gateway.identify.Identifier;
import org.wasla.gateway.identify.Search;
import org.wasla.gateway.identify.SerialTries;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;

/**
 * Listens at a serial port that no device of the box uses, and says which profiles fit what it hears; sends nothing. One thread a
 * hearing, {@code hearing}, for at most {@value #SECONDS} s.
 */
final class PortHearing {
    private static final Logger LOG = LoggerFactory.getLogger(PortHearing.class);
    private static final long SECONDS = 30;
    private static final int WAIT_MS = 100;
    private static final long JUDGE_MS = 300;
    private static final int CHUNK_BYTES = 4_096;
    private static final int KEPT_BYTES_MAX = 16_384;
    private static final long MS = 1_000_000;

    private final RemoteDesk.Box box;
    private final String port;
    private final long startNs = System.nanoTime();

    private PortHearing(RemoteDesk.Box box, String port) {
        this.box = box;
        this.port = port;
    }

    /**
     * Returns at once.
     *
     * @param said what is told before that
     */
    static void start(RemoteDesk.Box box, String port, List<String> said, Consumer<Reply> reply) {
        Thread thread = new Thread(() -> reply.accept(new PortHearing(box, port).reply(said)), "hearing");
        thread.setDaemon(true);
        thread.start();
    }

    private Reply reply(List<String> said) {
        try {
            if (isUsed()) {
                return Reply.refused("a device of this box is on " + port + "; see its state, or capture from it");
            }
            List<String> all = new ArrayList<>(said);
            all.addAll(listen());
            return Reply.lines(all);
        } catch (IOException | IllegalArgumentException unusable) {
            return Reply.refused("nothing can be heard at " + port + ": " + unusable.getMessage());
        } catch (RuntimeException ourBug) {
            LOG.error("hearing failed by a fault of ours port={}", port, ourBug);
            return Reply.refused("the box failed by a fault of its own");
        }
    }

    private boolean isUsed() throws IOException {
        List<LinkSettings> lines = new ArrayList<>();
        box.workers().get().forEach(worker -> lines.add(worker.settings().link()));
        box.config().further().forEach(line -> lines.add(line.link()));
        for (LinkSettings line : lines) {
            if (line instanceof SerialSettings serial && isSame(Path.of(serial.path()), Path.of(port))) {
                return true;
            }
        }
        return false;
    }

    /** A port has many names. */
    private static boolean isSame(Path one, Path other) throws IOException {
        return one.equals(other) || Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    }

    private List<String> listen() throws IOException {
        List<Profile> profiles = profiles();
        Search search = new Search(SerialTries.of(profiles), startNs, TimeUnit.SECONDS.toNanos(SECONDS));
        List<Candidate> best = List.of();
        String at = "";
        while (!search.isOver(System.nanoTime())) {
            String setting = search.setting();
            Search.Look look = new Search.Look(System.nanoTime());
            List<Candidate> found = look(profiles, search, look, setting);
            search.done(look);
            if (!found.isEmpty()
                    && (best.isEmpty()
                            || found.get(0).confidence() > best.get(0).confidence())) {
                best = found;
                at = setting;
            }
        }
        List<String> told = new ArrayList<>();
        for (Candidate each : Identifier.known(best)) {
            told.add(each.profile().id() + String.format(Locale.ROOT, " %.2f at ", each.confidence()) + at + ": "
                    + each.why());
        }
        if (told.isEmpty()) {
            told.add(
                    search.isSilent()
                            ? "nothing came at " + port + "; a device that waits for questions is silent"
                            : "no profile fits what was heard at " + port);
        }
        return told;
    }

    private List<Candidate> look(List<Profile> profiles, Search search, Search.Look look, String setting)
            throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        List<Candidate> ranked = List.of();
        byte[] buffer = new byte[CHUNK_BYTES];
        int kept = 0;
        long judgedNs = System.nanoTime();
        try (Link link = SerialSettings.of(port, setting, Flow.NONE, true).open()) {
            while (search.goesOn(look, System.nanoTime())) {
                int length = link.read(buffer, WAIT_MS);
                long nowNs = System.nanoTime();
                if (length > 0 && kept < KEPT_BYTES_MAX) {
                    kept += length;
                    look.heard(nowNs);
                    chunks.add(new Chunk((nowNs - startNs) / MS, Bytes.of(buffer, 0, length)));
                }
                if (!chunks.isEmpty() && (length <= 0 || nowNs - judgedNs >= JUDGE_MS * MS)) {
                    judgedNs = nowNs;
                    ranked = Identifier.rank(profiles, chunks);
                    look.judged(ranked.isEmpty() ? 0 : ranked.get(0).confidence(), chunks);
                }
            }
        }
        return ranked;
    }

    /** One that cannot be read must not hide the others. */
    private List<Profile> profiles() throws IOException {
        ProfileStore store = ProfileStore.open(box.config().profileFolders());
        List<Profile> profiles = new ArrayList<>();
        for (Path folder : store.all()) {
            Problems problems = new Problems();
            Profile profile = store.read(folder, problems);
            if (problems.isEmpty()) {
                profiles.add(profile);
            }
        }
        return profiles;
    }
}
