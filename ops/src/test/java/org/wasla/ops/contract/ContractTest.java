package org.wasla.ops.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A region builds on these documents alone: they must say what gateways send, and refuse what they never will. */
class ContractTest {
    static final Path ROOT = Path.of(System.getProperty("wasla.root", ".."));
    static final Path CONTRACT = ROOT.resolve("ops/contract");
    private static final String URN = "urn:wasla:contract:1:";
    private static final Validator VALIDATOR = new ValidatorFactory()
            .withSchemaResolver(uri -> SchemaResolver.Result.empty())
            .createValidator();

    @BeforeAll
    static void readSchemas() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(CONTRACT, "*.schema.json")) {
            for (Path file : files) {
                String name = file.getFileName().toString().replace(".schema.json", "");
                VALIDATOR.registerSchema(URI.create(URN + name), Files.readString(file));
            }
        }
    }

    private static Validator.Result bySchema(String name, String json) {
        return VALIDATOR.validate(URI.create(URN + name), json);
    }

    static String errors(Validator.Result result) {
        return result.getErrors().stream()
                .map(error -> error.getInstanceLocation() + " " + error.getError())
                .toList()
                .toString();
    }

    // The samples of a released version are never changed: that later schemas take them is what keeps subscribers
    // alive.
    @Test
    void everySampleIsGood() throws IOException {
        for (String record : Files.readAllLines(CONTRACT.resolve("samples/records.jsonl"))) {
            Validator.Result result = bySchema("record", record);
            assertTrue(result.isValid(), () -> errors(result) + " in " + record);
        }
        List<String> others = new ArrayList<>(Files.readAllLines(CONTRACT.resolve("samples/last-values.tsv")));
        others.addAll(Files.readAllLines(CONTRACT.resolve("samples/commands.tsv")));
        others.addAll(Files.readAllLines(CONTRACT.resolve("samples/figures.tsv")));
        for (String line : others) {
            String topic = line.substring(0, line.indexOf('\t'));
            Validator.Result result = bySchema(schema(topic), line.substring(line.indexOf('\t') + 1));
            assertTrue(result.isValid(), () -> errors(result) + " on " + topic);
        }
    }

    /** Of what a topic carries. */
    static String schema(String topic) {
        if (topic.startsWith("wasla-agg/") || topic.startsWith("wasla-epi/")) {
            return topic.substring("wasla-".length(), topic.indexOf('/'));
        }
        String leaf = topic.substring(topic.lastIndexOf('/') + 1);
        boolean isOfDevice = topic.contains("/d/") && (leaf.equals("state") || leaf.equals("meta"));
        if (topic.endsWith("/cmd/lookup")) {
            return "lookup-answer";
        }
        if (topic.matches(".*/cmd/(logs|restart|identify|capture)")) {
            return "command";
        }
        return topic.contains("/rsp/") ? "answer" : isOfDevice ? "device-" + leaf : leaf;
    }

    // A schema that takes everything would pass every other test.
    @Test
    void everyBrokenRuleIsFound() throws IOException {
        List<String> wrong = Files.readAllLines(CONTRACT.resolve("samples/wrong.tsv"));
        assertTrue(wrong.size() >= 24, "only " + wrong.size());
        for (String line : wrong) {
            String[] parts = line.split("\t");
            assertFalse(bySchema("record", parts[1]).isValid(), parts[0] + " is taken: " + parts[1]);
        }
    }

    // What tells of a patient or a gateway must not pass as a signal, nor a figure that nobody could read.
    @Test
    void everyBrokenRuleOfFiguresIsFound() throws IOException {
        List<String> wrong = Files.readAllLines(CONTRACT.resolve("samples/wrong-figures.tsv"));
        assertTrue(wrong.size() >= 33, "only " + wrong.size());
        for (String line : wrong) {
            String[] parts = line.split("\t");
            assertFalse(bySchema(schema(parts[1]), parts[2]).isValid(), parts[0] + " is taken: " + parts[2]);
        }
    }

    @Test
    void everyBrokenRuleOfOtherMessagesIsFound() throws IOException {
        for (String line : Files.readAllLines(CONTRACT.resolve("samples/wrong-others.tsv"))) {
            String[] parts = line.split("\t");
            assertFalse(bySchema(schema(parts[1]), parts[2]).isValid(), parts[0] + " is taken: " + parts[2]);
        }
    }

    @Test
    void everyKindHasASample() throws IOException {
        Set<String> kinds = new TreeSet<>();
        Matcher kind = Pattern.compile("\"k\":\"([a-z]+)\"")
                .matcher(Files.readString(CONTRACT.resolve("samples/records.jsonl")));
        while (kind.find()) {
            kinds.add(kind.group(1));
        }
        assertEquals(Set.of("obs", "wav", "alarm", "res", "evt"), kinds);
    }

    /** What profiles promise of their captures is what agents publish: all of it, by the contract. */
    @Test
    void everyExpectedRecordOfEveryProfileIsGood() throws IOException {
        List<String> faults = new ArrayList<>();
        int records = 0;
        try (DirectoryStream<Path> profiles = Files.newDirectoryStream(ROOT.resolve("device-profiles"))) {
            for (Path profile : profiles) {
                for (Path file : expected(profile.resolve("captures"))) {
                    for (String record : Files.readAllLines(file)) {
                        Validator.Result result = bySchema("record", record);
                        records++;
                        if (!result.isValid()) {
                            faults.add(profile.getFileName() + ": " + errors(result));
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), faults);
        assertTrue(records > 500, "only " + records + " records");
    }

    private static List<Path> expected(Path captures) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(captures)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(captures, "*.expected.jsonl")) {
                found.forEach(files::add);
            }
        }
        return files;
    }

    // What the program names and what the document names are two lists until this test compares them.
    @Test
    void asyncApiNamesEverySchema() throws IOException {
        String document = Files.readString(CONTRACT.resolve("asyncapi.yaml"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(CONTRACT, "*.schema.json")) {
            for (Path file : files) {
                assertTrue(
                        document.contains("./" + file.getFileName()), file.getFileName() + " is not in asyncapi.yaml");
            }
        }
    }
}
