package org.wasla.gateway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.observation.JsonText;

/**
 * What is to be pushed. Immutable.
 *
 * @param revision above all that any of the boxes and this folder have seen
 * @param previous hashes of the states that the boxes are on
 * @param profiles by id
 * @param removed profiles that go back to the installed ones
 */
record RemotePlan(long revision, List<String> previous, Map<String, Desired.Bundle> profiles, List<String> removed) {
    RemotePlan {
        previous = List.copyOf(previous);
        profiles = Map.copyOf(profiles);
        removed = List.copyOf(removed);
    }

    /**
     * These profiles beside those that the boxes have already. A state is laid over the one that a box is on: when all are on the
     * same, it holds what is new; when they are not, it holds all of it, and they are on the same afterwards.
     */
    static RemotePlan change(
            RemoteFolder folder, List<RemoteBox> boxes, Collection<Desired.Bundle> bundles, Collection<String> removed)
            throws Failure, IOException {
        Map<String, Desired.Bundle> profiles = new TreeMap<>();
        Set<String> gone = new TreeSet<>(removed);
        List<RemoteFolder.Known> waiting = waiting(folder, boxes);
        Set<String> states = new TreeSet<>();
        boxes.forEach(box -> states.add(box.hash()));
        waiting.forEach(known -> states.add(known.hash()));
        if (states.size() > 1) {
            profiles.putAll(newest(folder, boxes, waiting));
            for (RemoteBox box : boxes) {
                gone.addAll(content(folder, box).keySet());
            }
            for (RemoteFolder.Known known : waiting) {
                gone.addAll(content(folder, known.hash()).orElse(Map.of()).keySet());
            }
        }
        removed.forEach(profiles::remove);
        bundles.forEach(bundle -> profiles.put(bundle.id(), bundle));
        gone.removeAll(profiles.keySet());
        return new RemotePlan(revision(folder, boxes), previous(boxes, waiting), profiles, new ArrayList<>(gone));
    }

    /**
     * States from this folder that boxes which are away have yet to take. The broker may give them one after the other: what
     * follows must fit behind each.
     */
    private static List<RemoteFolder.Known> waiting(RemoteFolder folder, List<RemoteBox> boxes) throws IOException {
        return folder.all().stream()
                .filter(known -> boxes.stream().anyMatch(box -> isWaiting(known.state(), box)))
                .toList();
    }

    private static boolean isWaiting(Desired state, RemoteBox box) {
        return state.isFor(box.id(), box.groups()) && state.revision() > Math.max(box.revision(), box.lastRevision());
    }

    /** What a state begins with where boxes differ: the newest that is in force, or waits and was refused by none. */
    private static Map<String, Desired.Bundle> newest(
            RemoteFolder folder, List<RemoteBox> boxes, List<RemoteFolder.Known> waiting) throws Failure, IOException {
        RemoteBox newest = boxes.get(0);
        for (RemoteBox box : boxes) {
            newest = box.revision() > newest.revision() ? box : newest;
        }
        RemoteFolder.Known wanted = null;
        for (RemoteFolder.Known known : waiting) {
            boolean isRefused = boxes.stream()
                    .anyMatch(box -> box.lastHash().equals(known.hash())
                            && !box.hash().equals(known.hash())
                            && !box.outcome().equals("trial"));
            long least = wanted == null ? newest.revision() : wanted.state().revision();
            wanted = !isRefused && known.state().revision() > least ? known : wanted;
        }
        Map<String, Desired.Bundle> inForce = content(folder, newest);
        return wanted == null ? inForce : content(folder, wanted.hash()).orElse(inForce);
    }

    /** The content of an earlier state, empty: the installed profiles alone. */
    static RemotePlan back(RemoteFolder folder, List<RemoteBox> boxes, String hash) throws Failure, IOException {
        Map<String, Desired.Bundle> profiles = content(folder, hash)
                .orElseThrow(() -> new Failure(
                        1,
                        "the state " + RemoteTable.shortly(hash) + " or one before it was not pushed from this folder;"
                                + " get the files of states/ from who did"));
        Set<String> gone = new TreeSet<>();
        for (RemoteBox box : boxes) {
            gone.addAll(content(folder, box).keySet());
        }
        List<RemoteFolder.Known> waiting = waiting(folder, boxes);
        for (RemoteFolder.Known known : waiting) {
            gone.addAll(content(folder, known.hash()).orElse(Map.of()).keySet());
        }
        gone.removeAll(profiles.keySet());
        return new RemotePlan(revision(folder, boxes), previous(boxes, waiting), profiles, new ArrayList<>(gone));
    }

    private static Map<String, Desired.Bundle> content(RemoteFolder folder, RemoteBox box) throws Failure, IOException {
        return content(folder, box.hash())
                .orElseThrow(() -> new Failure(
                        1,
                        box.id() + " is on revision " + box.revision() + " (" + RemoteTable.shortly(box.hash())
                                + "), which was not pushed from this folder; get the files of states/ from who did, or"
                                + " change this box by itself"));
    }

    /** The profiles that a box on this state has beside the installed ones; empty when that is not known here. */
    static Optional<Map<String, Desired.Bundle>> content(RemoteFolder folder, String hash) throws IOException {
        if (hash.isEmpty()) {
            return Optional.of(Map.of());
        }
        Optional<RemoteFolder.Known> known = folder.known(hash);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Desired state = known.get().state();
        Map<String, Desired.Bundle> profiles = new TreeMap<>();
        // One that may replace several states holds all of it; so does one that may be the first or a second.
        if (state.previous().size() == 1) {
            Optional<Map<String, Desired.Bundle>> before =
                    content(folder, state.previous().get(0));
            if (before.isEmpty()) {
                return Optional.empty();
            }
            profiles.putAll(before.get());
        }
        state.removed().forEach(profiles::remove);
        state.profiles().forEach(bundle -> profiles.put(bundle.id(), bundle));
        return Optional.of(profiles);
    }

    private static long revision(RemoteFolder folder, List<RemoteBox> boxes) throws IOException {
        long highest = 0;
        for (RemoteBox box : boxes) {
            highest = Math.max(highest, Math.max(box.revision(), box.lastRevision()));
        }
        for (RemoteFolder.Known known : folder.all()) {
            highest = Math.max(highest, known.state().revision());
        }
        return highest + 1;
    }

    private static List<String> previous(List<RemoteBox> boxes, List<RemoteFolder.Known> waiting) {
        Set<String> hashes = new TreeSet<>();
        boxes.stream().filter(box -> box.revision() > 0).forEach(box -> hashes.add(box.hash()));
        waiting.forEach(known -> hashes.add(known.hash()));
        return new ArrayList<>(hashes);
    }

    /**
     * The payload to sign.
     *
     * @param keys a list of keys to bring with it, empty for none
     * @throws Failure when a box could not read it
     */
    String payload(String audience, long fromS, long untilS, String keys) throws Failure {
        String payload = JsonText.write(json -> {
            json.writeNumberField("v", 1);
            texts(json, "aud", List.of(audience));
            json.writeNumberField("rev", revision);
            texts(json, "prev", previous);
            json.writeNumberField("nbf", fromS);
            json.writeNumberField("exp", untilS);
            if (!keys.isEmpty()) {
                json.writeStringField("keys", keys);
            }
            json.writeArrayFieldStart("profiles");
            for (Desired.Bundle bundle : new TreeMap<>(profiles).values()) {
                write(json, bundle);
            }
            json.writeEndArray();
            texts(json, "remove", removed);
        });
        List<String> problems = new ArrayList<>();
        DesiredReader.read(payload.getBytes(StandardCharsets.UTF_8), problems);
        if (!problems.isEmpty()) {
            throw new Failure(2, String.join(System.lineSeparator(), problems));
        }
        return payload;
    }

    private static void write(JsonGenerator json, Desired.Bundle bundle) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", bundle.id());
        json.writeStringField("version", bundle.version());
        json.writeStringField("sha256", bundle.hash());
        texts(json, "statements", bundle.statements());
        json.writeObjectFieldStart("files");
        for (Map.Entry<String, String> file : new TreeMap<>(bundle.files()).entrySet()) {
            json.writeStringField(file.getKey(), file.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
