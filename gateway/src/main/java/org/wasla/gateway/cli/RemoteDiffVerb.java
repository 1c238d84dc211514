package org.wasla.gateway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.profile.Capture;
import org.wasla.gateway.profile.Comparison;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wasla remote diff}: what a push would change. */
@Command(
        name = "diff",
        description = {
            "Compares the profiles that boxes run with those here: by hash, and by field on the captures of both, where the old"
                    + " one is known here too.",
            "Without names all profiles of the boxes' devices are compared with those of --profiles and the shipped ones."
        })
final class RemoteDiffVerb implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Mixin
    RemoteAt at = new RemoteAt();

    @Parameters(paramLabel = "ID|DIR", arity = "0..*", description = "The profiles to compare.")
    List<String> profiles = List.of();

    private final Map<String, Profile> local = new TreeMap<>();

    /** One device of a box: what it runs, what stands here, and what would become another. */
    private record Line(String gateway, String device, String runs, String here, boolean isSame, List<String> fields) {}

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        ProfileStore store = shared.store();
        for (String each : profiles) {
            Profile read = Shared.profile(store, each);
            local.put(read.id(), read);
        }
        List<Line> lines = new ArrayList<>();
        List<RemoteBox> boxes;
        Path scratch = Files.createTempDirectory("wasla-diff");
        try (RemoteSession session = at.open(true)) {
            boxes = session.boxes();
            for (RemoteBox box : boxes) {
                for (Map.Entry<String, Map<String, @Nullable Object>> device :
                        box.devices().entrySet()) {
                    line(store, scratch, box, device.getKey(), device.getValue())
                            .ifPresent(lines::add);
                }
            }
        } finally {
            delete(scratch);
        }
        if (at.json) {
            System.out.println(json(lines));
        } else {
            print(boxes, lines);
        }
        return 0;
    }

    private Optional<Line> line(
            ProfileStore store, Path scratch, RemoteBox box, String device, Map<String, @Nullable Object> meta)
            throws IOException {
        String runs = RemoteBox.text(meta, "prof");
        String hash = RemoteBox.text(meta, "ph");
        String id = runs.contains("@") ? runs.substring(0, runs.indexOf('@')) : runs;
        Profile here = local.get(id);
        if (here == null && profiles.isEmpty()) {
            here = read(store, store.find(id).orElse(null));
        }
        if (here == null) {
            return Optional.empty();
        }
        boolean isSame = here.hash().equals(hash);
        List<String> fields = new ArrayList<>();
        if (!isSame) {
            Profile old = old(store, scratch, id, hash);
            if (old == null) {
                fields.add("the old one is not known here: no field can be compared");
            } else {
                compare(store, old, here, fields);
            }
        }
        return Optional.of(
                new Line(box.id(), device, runs + " " + hash, here.name() + " " + here.hash(), isSame, fields));
    }

    private static @Nullable Profile read(ProfileStore store, @Nullable Path folder) {
        Problems problems = new Problems();
        Profile profile = folder == null ? null : store.read(folder, problems);
        return problems.isEmpty() ? profile : null;
    }

    /** The profile with this hash: a shipped one, or one of a state that was pushed from here. */
    private @Nullable Profile old(ProfileStore store, Path scratch, String id, String hash) throws IOException {
        ProfileStore shipped = ProfileStore.open(List.of(Shared.shipped()));
        for (Optional<Path> folder : List.of(store.find(id), shipped.find(id))) {
            Profile found = read(store, folder.orElse(null));
            if (found != null && found.hash().equals(hash)) {
                return found;
            }
        }
        if (!Files.isReadable(at.keys.resolve("id"))) {
            return null;
        }
        RemoteFolder folder;
        try {
            folder = at.folder();
        } catch (Failure noKeys) {
            return null;
        }
        for (RemoteFolder.Known known : folder.all()) {
            for (Desired.Bundle bundle : known.state().profiles()) {
                if (bundle.id().equals(id) && bundle.hash().startsWith(hash) && !hash.isEmpty()) {
                    return read(
                            store, unpack(bundle, scratch.resolve(known.hash()).resolve(id)));
                }
            }
        }
        return null;
    }

    private static Path unpack(Desired.Bundle bundle, Path home) throws IOException {
        for (Map.Entry<String, String> file : bundle.files().entrySet()) {
            Path to = home.resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.writeString(to, file.getValue());
        }
        return home;
    }

    private static void compare(ProfileStore store, Profile old, Profile next, List<String> fields) throws IOException {
        List<LiveBytes.Chunk> chunks = new ArrayList<>();
        for (Profile each : List.of(old, next)) {
            Path captures = each.folder().resolve("captures");
            if (Files.isDirectory(captures)) {
                try (Stream<Path> files = Files.list(captures)) {
                    for (Path file : files.filter(name -> name.toString().endsWith(".cap"))
                            .sorted()
                            .toList()) {
                        Capture.read(file, (timeMs, fromDevice, bytes) -> {
                            if (fromDevice) {
                                chunks.add(new LiveBytes.Chunk(timeMs, Bytes.of(bytes)));
                            }
                        });
                    }
                }
            }
        }
        Comparison found = Comparison.of(old, next, store.codes().version(), chunks, Set.of());
        found.worse().forEach(each -> fields.add(each + " (to be approved by name)"));
        fields.addAll(found.otherwise());
        if (fields.isEmpty()) {
            fields.add("no field becomes another on the captures of both");
        }
    }

    private static void print(List<RemoteBox> boxes, List<Line> lines) {
        for (RemoteBox box : boxes) {
            System.out.println(box.id() + (box.isOnline() ? "" : " (offline)") + " is on "
                    + (box.revision() == 0
                            ? "no state"
                            : "revision " + box.revision() + " " + RemoteTable.shortly(box.hash())));
            for (Line line : lines) {
                if (line.gateway().equals(box.id())) {
                    System.out.println("  " + line.device() + "  " + line.runs()
                            + (line.isSame() ? "  the same here" : "  ->  " + line.here()));
                    line.fields().forEach(field -> System.out.println("    " + field));
                }
            }
        }
    }

    private static String json(List<Line> lines) {
        return JsonText.write(json -> {
            json.writeArrayFieldStart("devices");
            for (Line line : lines) {
                write(json, line);
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, Line line) throws IOException {
        json.writeStartObject();
        json.writeStringField("gw", line.gateway());
        json.writeStringField("dev", line.device());
        json.writeStringField("runs", line.runs());
        json.writeStringField("here", line.here());
        json.writeBooleanField("same", line.isSame());
        json.writeArrayFieldStart("fields");
        for (String field : line.fields()) {
            json.writeString(field);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
