package org.wasla.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.wasla.gateway.profile.Golden;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wasla profiles list|show|test}. */
@Command(name = "profiles", description = "Lists, shows and tests device profiles.", synopsisSubcommandLabel = "VERB")
final class ProfilesVerb implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    static CommandLine commandLine() {
        return new CommandLine(new ProfilesVerb())
                .addSubcommand("list", new ListProfiles())
                .addSubcommand("show", new ShowProfile())
                .addSubcommand("test", new TestProfiles());
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which one of list, show, test?");
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
                System.out.println(json(profiles));
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

        private static String json(List<Profile> profiles) throws IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
                json.writeStartArray();
                for (Profile profile : profiles) {
                    json.writeStartObject();
                    json.writeStringField("id", profile.id());
                    json.writeStringField("version", profile.version());
                    json.writeStringField("trust", profile.trust().wire());
                    json.writeStringField("kind", profile.device().kind());
                    texts(json, "makers", profile.device().makers());
                    texts(json, "models", profile.device().models());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            return text.toString();
        }

        private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
            json.writeArrayFieldStart(name);
            for (String text : texts) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
    }

    /** {@code wasla profiles show}. */
    @Command(name = "show", description = "Shows one device profile: for what, how connected, how proven.")
    static final class ShowProfile implements Callable<Integer> {
        @Mixin
        Shared shared = new Shared();

        @Parameters(paramLabel = "ID|DIR", description = "The profile.")
        String profile = "";

        @Override
        public Integer call() throws Failure, IOException {
            Profile read = Shared.profile(shared.store(), profile);
            System.out.println(
                    read.name() + "  " + read.hash() + "  " + read.trust().wire());
            line("kind", read.device().kind());
            line("makers", String.join(", ", read.device().makers()));
            line("models", String.join(", ", read.device().models()));
            line("serial", read.serialTries().isEmpty() ? "no" : String.join(", ", read.serialTries()));
            line("fields", Integer.toString(read.mapping().fields().size()));
            line("simulator", read.simulator() == null ? "no" : "yes");
            new TreeMap<>(read.installation()).forEach(ShowProfile::line);
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

        @Parameters(arity = "0..*", paramLabel = "ID|DIR", description = "The profiles; all when none is named.")
        List<String> profiles = new ArrayList<>();

        @Override
        public Integer call() throws Failure, IOException {
            ProfileStore store = shared.store();
            List<String> asked = new ArrayList<>(profiles);
            if (asked.isEmpty()) {
                store.all().forEach(folder -> asked.add(folder.toString()));
            }
            int passed = 0;
            int failed = 0;
            for (String name : asked) {
                Profile profile = Shared.profile(store, name);
                for (Golden.Result result : Golden.test(profile, store.codes().version(), write)) {
                    System.out.println((result.difference().isEmpty() ? "ok    " : "FAILED ") + profile.id() + " "
                            + result.capture() + (result.difference().isEmpty() ? "" : ": " + result.difference()));
                    passed += result.difference().isEmpty() ? 1 : 0;
                    failed += result.difference().isEmpty() ? 0 : 1;
                }
            }
            System.out.println(passed + " passed, " + failed + " failed");
            return failed > 0 || passed == 0 ? 1 : 0;
        }
    }
}
