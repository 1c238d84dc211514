package org.wasla.ops.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.uplink.Topics;

/**
 * Subscribers and gateways are never changed on one day: whoever built on an earlier minor version reads what is published
 * today, and whoever builds on today's reads what older boxes publish. {@code compat/1.N} holds the schemas and samples of
 * each earlier minor as they were, and is never edited.
 */
class CompatibilityTest {
    private static final String URN = "urn:wasla:contract:1:";
    private static final String KEYS_SHA256 = "a0b834861a625f01c1c53571a6a90d2545efc1e7404004e1fa8eca64143e0339";
    private static final String DICTIONARY_SHA256 = "7e62f826858a61da6977ad698a70147ca174f0e7166aad1bee1654c6991d2df0";

    /** Schemas and samples of one minor version. */
    private record Version(String name, Set<String> schemas, Validator validator, List<String[]> samples) {
        Validator.Result judge(String schema, String json) {
            return validator.validate(URI.create(URN + schema), json);
        }
    }

    private static Version version(String name, Path folder) throws IOException {
        Validator validator = new ValidatorFactory()
                .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                .createValidator();
        Map<String, Path> schemas = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.schema.json")) {
            for (Path file : files) {
                String schema = file.getFileName().toString().replace(".schema.json", "");
                validator.registerSchema(URI.create(URN + schema), Files.readString(file));
                schemas.put(schema, file);
            }
        }
        List<String[]> samples = new ArrayList<>();
        for (String record : Files.readAllLines(folder.resolve("samples/records.jsonl"))) {
            samples.add(new String[] {"record", record});
        }
        for (String file : List.of("last-values.tsv", "commands.tsv")) {
            for (String line : Files.readAllLines(folder.resolve("samples").resolve(file))) {
                String[] parts = line.split("\t", 2);
                samples.add(new String[] {ContractTest.schema(parts[0]), parts[1]});
            }
        }
        return new Version(name, Set.copyOf(schemas.keySet()), validator, samples);
    }

    private static Version today() throws IOException {
        return version("1." + Topics.SCHEMA_MINOR, ContractTest.CONTRACT);
    }

    private static Map<String, Version> earlier() throws IOException {
        Map<String, Version> versions = new TreeMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(ContractTest.CONTRACT.resolve("compat"))) {
            for (Path folder : folders) {
                String name = folder.getFileName().toString();
                versions.put(name, version(name, folder));
            }
        }
        return versions;
    }

    /** @return what a reader by these schemas would refuse; messages that it has no schema for it never subscribed to */
    private static List<String> refused(Version reader, List<String[]> samples) {
        List<String> refused = new ArrayList<>();
        for (String[] sample : samples) {
            if (reader.schemas().contains(sample[0])) {
                Validator.Result result = reader.judge(sample[0], sample[1]);
                if (!result.isValid()) {
                    refused.add(reader.name() + " " + sample[0] + ": " + ContractTest.errors(result));
                }
            }
        }
        return refused;
    }

    @Test
    void todaysSchemasTakeWhatOlderGatewaysSend() throws IOException {
        Version today = today();
        for (Version old : earlier().values()) {
            assertTrue(
                    old.samples().size() > 20,
                    old.name() + " has only " + old.samples().size() + " samples");
            assertEquals(List.of(), refused(today, old.samples()));
            assertTrue(today.schemas().containsAll(old.schemas()), "a schema of " + old.name() + " is gone");
        }
    }

    // Consumers pass over fields that they do not know; they must not meet a known one in another form.
    @Test
    void olderSchemasTakeWhatIsSentToday() throws IOException {
        Version today = today();
        for (Version old : earlier().values()) {
            assertEquals(List.of(), refused(old, today.samples()));
        }
    }

    // What both would take, this test would not find.
    @Test
    void aFieldThatChangesItsMeaningIsFound() throws IOException {
        String record = today().samples().get(0)[1];
        for (String broken : List.of(
                record.replaceFirst("\"t\":\\d+", "\"t\":\"2026-06-16T08:00:04Z\""),
                record.replaceFirst("\"seq\":\\d+", "\"seq\":0"),
                record.replaceFirst("\"k\":\"obs\"", "\"k\":\"observation\""))) {
            assertFalse(broken.equals(record), "nothing was broken in " + record);
            for (Version old : earlier().values()) {
                assertEquals(
                        1,
                        refused(old, List.<String[]>of(new String[] {"record", broken}))
                                .size(),
                        broken);
            }
        }
    }

    @Test
    void whatWasWrongStaysWrong() throws IOException {
        Version today = today();
        for (String name : earlier().keySet()) {
            Path wrong = ContractTest.CONTRACT.resolve("compat").resolve(name).resolve("samples/wrong.tsv");
            for (String line : Files.readAllLines(wrong)) {
                String[] parts = line.split("\t");
                assertFalse(today.judge("record", parts[1]).isValid(), parts[0] + " is taken now: " + parts[1]);
            }
        }
    }

    /** The user property {@code sv}, the document and the folders of earlier versions tell one story. */
    @Test
    void everyEarlierMinorIsKept() throws IOException {
        int minor = Integer.parseInt(Topics.SCHEMA_MINOR);
        String document = Files.readString(ContractTest.CONTRACT.resolve("asyncapi.yaml"));
        assertTrue(document.contains("  version: 1." + minor + ".0\n"), "asyncapi.yaml has another version");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < minor; i++) {
            names.add("1." + i);
        }
        assertEquals(Set.copyOf(names), earlier().keySet());
    }

    // Who has the published table or dictionary decodes with it for years: new names go to the end, a new dictionary is
    // d2.
    @Test
    void whatDecodersWereGivenIsNeverChanged() throws IOException, NoSuchAlgorithmException {
        List<String> keys = Files.readAllLines(ContractTest.CONTRACT.resolve("cbor-keys.tsv"));
        String published = String.join("\n", keys.subList(1, 121)) + "\n";
        assertEquals(KEYS_SHA256, sha256(published.getBytes(StandardCharsets.US_ASCII)));
        assertEquals(DICTIONARY_SHA256, sha256(Files.readAllBytes(ContractTest.CONTRACT.resolve("deflate-d1.dict"))));
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
