package org.wasla.gateway.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.StateStore;
import org.wasla.gateway.config.TrustReader;
import org.wasla.gateway.trust.BundleFile;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.Vouch;

/** The way of a bundle into a box, from beside the agent. One thread. */
public final class BundleDoor {
    private static final long MS_PER_S = 1_000;
    /** What captures, disks and a slow board may take beside the watches. */
    private static final long TRIAL_MS = 120_000;

    private final Config config;
    private final TrustReader.Trust trust;
    private final StateStore states;
    private final BundleInbox inbox;

    private BundleDoor(Config config, TrustReader.Trust trust) {
        this.config = config;
        this.trust = trust;
        this.states = new StateStore(config.buffer().dir());
        this.inbox = new BundleInbox(config.buffer().dir());
    }

    /** Empty where nobody may change the box: its configuration has no {@code trust}. */
    public static Optional<BundleDoor> of(Config config) {
        TrustReader.Trust trust = config.trust();
        return trust == null ? Optional.empty() : Optional.of(new BundleDoor(config, trust));
    }

    /**
     * The keys that count on the box now.
     *
     * @param problems gets why there are none
     */
    public Keyring keys(List<String> problems) throws IOException {
        return StateCheck.keys(states, trust, problems);
    }

    /**
     * All that can be said of a bundle without the box's lines: who signed, two persons for each profile, nothing older
     * than what is in force.
     *
     * @param problems gets what speaks against it
     * @return what it carries, when it can be read; whether it may come in say the problems
     */
    public Optional<Release> check(BundleFile bundle, List<String> problems) throws IOException {
        List<String> found = new ArrayList<>();
        Keyring keys = keys(found);
        if (found.isEmpty()) {
            bundle.signer(keys, nowS(), found);
        }
        Optional<Release> release = bundle.release(found);
        if (release.isPresent()) {
            for (Desired.Bundle profile : release.get().profiles()) {
                Vouch.changes(profile, keys, nowS(), found);
            }
            BundleInbox.compare(release.get(), config.profileFolders(), states.profiles(), found);
        }
        problems.addAll(found);
        return release;
    }

    private static long nowS() {
        return System.currentTimeMillis() / MS_PER_S;
    }

    /** Puts it where the agent takes it: a running one at once, else the next start. */
    public void put(BundleFile bundle) throws IOException {
        inbox.put(bundle);
    }

    /** What the agent made of it, as {@code cfg/reported} says it; empty while it has not. */
    public Optional<String> outcome(BundleFile bundle) throws IOException {
        return inbox.outcome(bundle.hash());
    }

    /** How long a trial may take. */
    public long trialMs() {
        return 2 * trust.watchMs() + TRIAL_MS;
    }
}
