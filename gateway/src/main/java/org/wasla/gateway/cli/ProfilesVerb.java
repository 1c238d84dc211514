package org.wasla.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.wasla.gateway.profile.Golden;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla profiles list|show|test}. */
@Command(name = "profiles", description = "Lists, shows and tests device profiles.", synopsisSubcommandLabel = "VERB")
final class ProfilesVerb extends VerbGroup {
    static CommandLine commandLine() {
        return new CommandLine(new ProfilesVerb())
                .addSubcommand("list", new ListProfiles())
                .addSubcommand("show", new ShowProfile())
                .addSubcommand("test", new TestProfiles());
    }

    /** Writes the elements of an array. */
    private interface Elements {
        void write(JsonGenerator json) throws IOException;
    }

    private static String json(Elements elements) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartArray();
            elements.write(json);
            json.writeEndArray();
        }
        return text.toString();
    }

    private static void describe(JsonGenerator json, Profile profile) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", profile.id());
        json.writeStringField("version", profile.version());
        json.writeStringField("trust", profile.trust().wire());
        json.writeStringField("kind", profile.device().kind());
        texts(json, "makers", profile.device().makers());
        texts(json, "models", profile.device().models());
        json.writeStringField("ph", profile.hash());
        texts(json, "serial", profile.serialTries());
        json.writeBooleanField("simulator", profile.simulator() != null);
        texts(json, "sources", profile.sources());
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** {@code wasla profiles list}. */
    @Command(name = "list", description = "Lists the device profiles.")
    static final class ListProfiles implements Callable<Integer> {
        @Mixin
        Shared shared = new Shared();

        @Option(names = "--json", description = "Prints a JSON list.")
        boolean json;

        @Override
        public Integer call() throws Failure, IOException {
            ProfileStore store = shared.store();
            Problems problems = new Problems();
            List<Profile> profiles = new ArrayList<>();
            for (Path folder : store.all()) {
                Problems own = new Problems();
                Profile profile = store.read(folder, own);
                if (own.isEmpty()) {
                    profiles.add(profile);
                }
                own.list().forEach(p -> problems.add(p.file(), p.line(), p.what(), p.remedy()));
            }
            if (json) {
                System.out.println(json(array -> {
                    for (Profile profile : profiles) {
                        describe(array, profile);
                    }
                }));
            } else {
                table(profiles);
            }
            if (!problems.isEmpty()) {
                throw Failure.of(problems);
            }
            return 0;
        }

        private static void table(List<Profile> profiles) {
            for (Profile profile : profiles) {
                System.out.printf(
                        "%-20s %-8s %-26s %-16s %s %s%n",
                        profile.id(),
                        profile.version(),
                        profile.trust().wire(),
                        profile.device().kind(),
                        String.join(", ", profile.device().makers()),
                        String.join(", ", profile.device().models()));
            }
        }
    }

    /** {@code wasla profiles show}. */
    @Command(name = "show", description = "Shows one device profile: for what, how connected, how proven.")
    static final class ShowProfile implements Callable<Integer> {
        @Mixin
        Shared shared = new Shared();

        @Parameters(paramLabel = "ID|DIR", description = "The profile.")
        String profile = "";

        @Option(names = "--json", description = "Prints a JSON list with this profile.")
        boolean json;

        @Override
        public Integer call() throws Failure, IOException {
            Profile read = Shared.profile(shared.store(), profile);
            if (json) {
                System.out.println(ProfilesVerb.json(array -> describe(array, read)));
                return 0;
            }
            System.out.println(
                    read.name() + "  " + read.hash() + "  " + read.trust().wire());
            line("kind", read.device().kind());
            line("makers", String.join(", ", read.device().makers()));
            line("models", String.join(", ", read.device().models()));
            line("serial", read.serialTries().isEmpty() ? "no" : String.join(", ", read.serialTries()));
            line("fields", Integer.toString(read.mapping().fields().size()));
            line("simulator", read.simulator() == null ? "no" : "yes");
            new TreeMap<>(read.installation()).forEach(ShowProfile::line);
            if (!read.wiring().isEmpty()) {
                line("wiring", read.wiring().stream().map(Profile.Wiring::wire).collect(Collectors.joining(", ")));
            }
            read.sources().forEach(source -> line("source", source));
            line("folder", read.folder().toString());
            return 0;
        }

        private static void line(String name, String text) {
            System.out.printf("  %-10s %s%n", name, text);
        }
    }

    /** {@code wasla profiles test}. */
    @Command(name = "test", description = "Runs profiles on their captures and compares with the expected records.")
    static final class TestProfiles implements Callable<Integer> {
        @Mixin
        Shared shared = new Shared();

        @Option(
                names = "--write",
                description = "Makes what comes out the expected records; read them before you trust them.")
        boolean write;

        @Option(names = "--json", description = "Prints a JSON list: id, capture, ok, difference.")
        boolean json;

        @Parameters(arity = "0..*", paramLabel = "ID|DIR", description = "The profiles; all when none is named.")
        List<String> profiles = new ArrayList<>();

        @Override
        public Integer call() throws Failure, IOException {
            ProfileStore store = shared.store();
            List<String> asked = new ArrayList<>(profiles);
            if (asked.isEmpty()) {
                store.all().forEach(folder -> asked.add(folder.toString()));
            }
            Map<String, List<Golden.Result>> results = new LinkedHashMap<>();
            for (String name : asked) {
                Profile profile = Shared.profile(store, name);
                results.put(profile.id(), Golden.test(profile, store.codes().version(), write));
            }
            if (json) {
                System.out.println(ProfilesVerb.json(array -> write(array, results)));
            } else {
                print(results);
            }
            boolean good = results.values().stream()
                    .flatMap(List::stream)
                    .allMatch(result -> result.difference().isEmpty());
            return good && !results.isEmpty() ? 0 : 1;
        }

        private static void print(Map<String, List<Golden.Result>> results) {
            int passed = 0;
            int failed = 0;
            for (Map.Entry<String, List<Golden.Result>> entry : results.entrySet()) {
                for (Golden.Result result : entry.getValue()) {
                    boolean good = result.difference().isEmpty();
                    System.out.println((good ? "ok     " : "FAILED ") + entry.getKey() + " " + result.capture()
                            + (good ? "" : ": " + result.difference()));
                    passed += good ? 1 : 0;
                    failed += good ? 0 : 1;
                }
            }
            System.out.println(passed + " passed, " + failed + " failed");
        }

        private static void write(JsonGenerator json, Map<String, List<Golden.Result>> results) throws IOException {
            for (Map.Entry<String, List<Golden.Result>> entry : results.entrySet()) {
                for (Golden.Result result : entry.getValue()) {
                    json.writeStartObject();
                    json.writeStringField("id", entry.getKey());
                    json.writeStringField("capture", result.capture());
                    json.writeBooleanField("ok", result.difference().isEmpty());
                    json.writeStringField("difference", result.difference());
                    json.writeEndObject();
                }
            }
        }
    }
}
