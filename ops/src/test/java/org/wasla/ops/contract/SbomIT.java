package org.wasla.ops.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials says what runs: every jar with its bytes' hash and its licence, and nothing that is not there. */
class SbomIT {
    private static final Path ROOT =
            Path.of(System.getProperty("wasla.root", "..")).toAbsolutePath().normalize();
    /** Ours has no licence of a third party; the annotations are in no folder of jars, since nothing loads them. */
    private static final Set<String> BESIDE = Set.of("org.wasla", "org.jspecify");

    private static Map<String, String> jars(Path folder) throws IOException, GeneralSecurityException {
        Map<String, String> jars = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each :
                    all.filter(each -> each.toString().endsWith(".jar")).toList()) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(each));
                jars.put(each.getFileName().toString(), HexFormat.of().formatHex(hash));
            }
        }
        return jars;
    }

    private static Map<String, String> listed(Path sbom) throws IOException {
        JsonNode document = new ObjectMapper().readTree(sbom.toFile());
        assertEquals("CycloneDX", document.path("bomFormat").asText());
        assertEquals("1.6", document.path("specVersion").asText());
        Map<String, String> listed = new TreeMap<>();
        for (JsonNode each : document.path("components")) {
            if (!BESIDE.contains(each.path("group").asText())) {
                String file = name(each.path("purl").asText(), each);
                assertTrue(each.path("licenses").size() > 0, "no licence of " + file);
                listed.put(file, sha256(each));
            }
        }
        return listed;
    }

    /** {@code pkg:maven/g/a@1.0?classifier=linux&type=jar} is a-1.0-linux.jar. */
    private static String name(String purl, JsonNode component) {
        String classifier = purl.contains("classifier=") ? "-" + purl.replaceAll(".*classifier=([^&]*).*", "$1") : "";
        return component.path("name").asText() + "-" + component.path("version").asText() + classifier + ".jar";
    }

    private static String sha256(JsonNode component) {
        for (JsonNode hash : component.path("hashes")) {
            if (hash.path("alg").asText().equals("SHA-256")) {
                return hash.path("content").asText();
            }
        }
        return "none";
    }

    @Test
    void whatRunsOnABoxIsListedAndNothingElse() throws Exception {
        Path sbom = ROOT.resolve("ops/target/wasla.cdx.json");
        Map<String, String> jars = jars(ROOT.resolve("gateway/target/lib"));
        assertFalse(jars.isEmpty());
        assertEquals(jars, listed(sbom));
        assertFalse(Files.readString(sbom).contains("\"timestamp\""), "two builds of the same sources say the same");
    }

    @Test
    void whatRunsFromACheckoutIsListedAndNothingElse() throws Exception {
        Map<String, String> jars = jars(ROOT.resolve("ops/target/lib"));
        assertTrue(jars.size() > 20, jars.toString());
        assertEquals(jars, listed(ROOT.resolve("ops/target/wasla-checkout.cdx.json")));
    }
}
