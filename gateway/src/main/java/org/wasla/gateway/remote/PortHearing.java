package org.wasla.gateway.remote;

import java.io.ByteArrayOutputStream;
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
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.command.Reply;
import org.wasla.gateway.identify.Candidate;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.seek.CaptureFile;
import org.wasla.gateway.seek.Ending;
import org.wasla.gateway.seek.Finding;
import org.wasla.gateway.seek.LineSearch;

/**
 * Listens at a serial port that no device of the box uses, and says which profiles fit what it hears; sends nothing. One thread a
 * hearing, {@code hearing}, for at most {@value #SECONDS} s.
 */
final class PortHearing {
    private static final Logger LOG = LoggerFactory.getLogger(PortHearing.class);
    private static final long SECONDS = 30;
    /** Only where the search begins from: it tries those of the profiles. */
    private static final String ANY_SETTING = "9600 8N1";

    private final RemoteDesk.Box box;
    private final String port;

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
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Reply.refused("the hearing was ended");
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

    private List<String> listen() throws IOException, InterruptedException {
        SerialSettings line = SerialSettings.of(port, ANY_SETTING, Flow.NONE, true);
        List<String> told = new ArrayList<>();
        try (CaptureFile heard = CaptureFile.create(new ByteArrayOutputStream(), 0)) {
            LineSearch search = new LineSearch(profiles(), line, heard, Ending.NEVER, trying -> {});
            for (Finding each : search.listen(TimeUnit.SECONDS.toNanos(SECONDS), false)) {
                Candidate found = each.candidate();
                String fits = String.format(Locale.ROOT, " %.2f ", found.confidence());
                told.add(found.profile().id() + fits + found.why());
            }
            if (told.isEmpty()) {
                told.add(
                        heard.heard() == 0
                                ? "nothing came at " + port + "; a device that waits for questions is silent"
                                : "no profile fits what was heard at " + port);
            }
        }
        return told;
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
