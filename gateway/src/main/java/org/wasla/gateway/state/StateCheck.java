package org.wasla.gateway.state;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.config.StateStore;
import org.wasla.gateway.config.TrustReader;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.Vouch;

/** Whether the words of a state are in order for this box, before anything of it is tried. Immutable. */
final class StateCheck {
    private final ConfigDesk.Box box;
    private final TrustReader.Trust trust;
    private final StateBook book;

    StateCheck(ConfigDesk.Box box, TrustReader.Trust trust, StateBook book) {
        this.box = box;
        this.trust = trust;
        this.book = book;
    }

    /** The keys that count now. */
    Keyring keys(List<String> problems) throws IOException {
        return keys(book.store(), trust, problems);
    }

    /** Those that a state brought, else those of the installation. */
    static Keyring keys(StateStore states, TrustReader.Trust trust, List<String> problems) throws IOException {
        String signed = states.keys();
        if (signed.isEmpty() && Files.isReadable(trust.keys())) {
            signed = Files.readString(trust.keys());
        }
        return Keyring.read(signed, trust.roots(), problems).orElse(Keyring.none());
    }

    /** @param problems gets what is wrong, all of it */
    void check(Desired desired, String hash, Keyring keys, long nowS, List<String> problems) {
        if (!desired.isFor(box.gateway(), trust.groups())) {
            problems.add("it is meant for others: aud names neither this box nor a group of it");
        }
        order(desired, hash, problems);
        if (nowS < desired.fromS() || nowS >= desired.untilS()) {
            problems.add("it is not valid now: see nbf and exp, and the clock of the box");
        }
        if (isOlder(box.software(), desired.softwareMin())) {
            problems.add("it needs software " + desired.softwareMin() + ", and the box runs " + box.software());
        }
        if (!desired.keys().isEmpty()) {
            Optional<Keyring> next = Keyring.read(desired.keys(), trust.roots(), problems);
            if (next.isPresent() && next.get().revision() < keys.revision()) {
                problems.add("its list of keys is older than the box's");
            }
        }
    }

    /** The very state that the box had before its disk was set back may come again. */
    private void order(Desired desired, String hash, List<String> problems) {
        long had = book.highest().number();
        boolean isHadAgain =
                desired.revision() == had && hash.equals(book.highest().hash());
        if (desired.revision() <= had && !isHadAgain) {
            problems.add("rev is " + desired.revision() + ", and the box has had " + had
                    + "; to go back give the old content a new rev");
        }
        StateBook.Current now = book.current();
        boolean isFirst =
                now.hash().isEmpty() && (had == 0 || desired.previous().isEmpty());
        if (!isFirst && !desired.previous().contains(now.hash())) {
            String who = now.isLocal() ? now.by() + " changed it on the box" : "somebody else changed it meanwhile";
            problems.add("prev does not name the state that the box is in; " + who);
        }
    }

    /** Compares numbers and not texts: 1.10.0 is newer than 1.9.0. */
    static boolean isOlder(String version, String than) {
        if (than.isEmpty()) {
            return false;
        }
        String[] have = version.split("\\.");
        String[] want = than.split("\\.");
        for (int i = 0; i < want.length; i++) {
            int has = i < have.length && have[i].matches("\\d{1,9}") ? Integer.parseInt(have[i]) : 0;
            int needs = Integer.parseInt(want[i]);
            if (has != needs) {
                return has < needs;
            }
        }
        return false;
    }

    /**
     * Two persons for each profile, whatever it changes.
     *
     * @param problems gets what is wrong, by profile
     * @return the fields that are meant to change, by profile
     */
    Map<String, Set<String>> vouched(Desired desired, Keyring keys, long nowS, List<String> problems) {
        Map<String, Set<String>> meant = new HashMap<>();
        for (Desired.Bundle bundle : desired.profiles()) {
            meant.put(bundle.id(), Vouch.changes(bundle, keys, nowS, problems));
        }
        return meant;
    }
}
