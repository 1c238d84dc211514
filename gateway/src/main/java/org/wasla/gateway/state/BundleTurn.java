package org.wasla.gateway.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.config.Why;
import org.wasla.gateway.trust.BundleFile;
import org.wasla.gateway.trust.Keyring;

/**
 * A bundle from a stick: it goes through all that a state from outside does, as the box's own next revision by {@value
 * #BY}. One thread, that of the desk.
 */
final class BundleTurn {
    /** Who is told to have changed the box. */
    static final String BY = "local:bundle";

    private static final Logger LOG = LoggerFactory.getLogger(BundleTurn.class);
    private static final long MS_PER_S = 1_000;

    private final ConfigDesk.Box box;
    private final StateBook book;
    private final StateCheck check;
    private final StateVoice voice;
    private final StateTurn turn;
    private final Auditor auditor;
    private final BundleInbox inbox;

    BundleTurn(
            ConfigDesk.Box box, StateBook book, StateCheck check, StateVoice voice, StateTurn turn, Auditor auditor) {
        this.box = box;
        this.book = book;
        this.check = check;
        this.voice = voice;
        this.turn = turn;
        this.auditor = auditor;
        this.inbox = new BundleInbox(box.buffer());
    }

    /** Takes the next bundle up, from its file to its end; nothing when there is none. */
    void run() throws InterruptedException {
        if (inbox.hasNext()) {
            consider();
            inbox.told(voice.text());
        }
    }

    private void consider() throws InterruptedException {
        List<String> problems = new ArrayList<>();
        long revision = book.highest().number() + 1;
        String hash = "";
        try {
            Optional<BundleFile> bundle = inbox.read(problems);
            Keyring keys = check.keys(problems);
            Optional<Keyring.Key> signer = bundle.flatMap(each -> each.signer(keys, nowS(), problems));
            Optional<Release> release =
                    signer.isEmpty() ? Optional.empty() : bundle.get().release(problems);
            if (release.isPresent()) {
                String name = bundle.get().hash();
                if (name.equals(book.bundle())) {
                    StateBook.Current now = book.current();
                    voice.report(now.number(), now.hash(), "applied", now.by(), List.of());
                    return;
                }
                String note = book.bundleNote(BY, name, voice.nowMs());
                hash = DesiredReader.sha256(note);
                auditor.note(
                        "config-offered",
                        Map.of(
                                "rev",
                                String.valueOf(revision),
                                "hash",
                                hash,
                                "key",
                                signer.get().id(),
                                "by",
                                BY));
                BundleInbox.compare(
                        release.get(), box.profileFolders(), book.store().profiles(), problems);
                Desired desired =
                        release.get().on(box.gateway(), revision, book.current().hash());
                check.check(desired, hash, keys, nowS(), problems);
                Map<String, Set<String>> meant = check.vouched(desired, keys, nowS(), problems);
                if (problems.isEmpty()) {
                    turn.tryOut(desired, meant, note, hash, BY);
                    return;
                }
            }
        } catch (IOException unusable) {
            problems.add("the box cannot read or write it: " + unusable.getMessage());
        } catch (RuntimeException ourBug) {
            LOG.error("a bundle could not be tried by a fault of ours", ourBug);
            problems.add("the box failed by a fault of its own");
        }
        List<Why> why = problems.stream().map(each -> new Why("bundle", each)).toList();
        voice.end(revision, hash, "refused", BY, why);
    }

    private long nowS() {
        return voice.nowMs() / MS_PER_S;
    }
}
