package org.wasla.ops.papers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The installation guides are followed with the page beside them: what they show and quote is what stands there. */
class InstallPageTest {
    private static final Path FOLDER = Path.of(System.getProperty("wasla.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("ops");
    private static final Map<String, String> GUIDES = Map.of("en", "INSTALL.md", "fr", "INSTALLATION.md");
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]+]\\(([^)]+)\\)");
    private static final Pattern QUOTED = Pattern.compile("(?<!\\*)\\*([^*\\n]+)\\*(?!\\*)");
    private static final int BYTES_MAX = 60_000;
    private static final int PICTURES_MAX = 10;
    /** In the head of a PNG: bits a channel, and its kind of colour. */
    private static final int DEPTH_AT = 24;

    private static final int COLOUR_AT = 25;

    private static String guide(String language) throws IOException {
        return Files.readString(FOLDER.resolve(GUIDES.getOrDefault(language, "")));
    }

    private static List<String> pictures(String language) throws IOException {
        List<String> pictures = new ArrayList<>();
        Matcher matcher = PICTURE.matcher(guide(language));
        while (matcher.find()) {
            pictures.add(matcher.group(1));
        }
        return pictures;
    }

    @Test
    void bothLanguagesShowTheSamePicturesEachInItsOwn() throws IOException {
        List<String> english = pictures("en");
        assertTrue(english.size() >= 15, english.toString());
        assertEquals(
                english.stream().map(each -> each.replace(".en.png", ".fr.png")).toList(), pictures("fr"));
        Set<Path> shown = new HashSet<>();
        for (String language : GUIDES.keySet()) {
            for (String each : pictures(language)) {
                Path file = FOLDER.resolve(each);
                assertTrue(Files.isRegularFile(file), each + " is missing; ops/prove/install --pictures makes it");
                shown.add(file.normalize());
            }
        }
        try (Stream<Path> files = Files.list(FOLDER.resolve("install"))) {
            List<Path> all = files.map(Path::normalize).toList();
            assertTrue(all.size() <= PICTURES_MAX, all.toString());
            assertTrue(shown.containsAll(all), "not shown: " + all);
            for (Path each : all) {
                byte[] png = Files.readAllBytes(each);
                assertTrue(png.length <= BYTES_MAX, each + " has " + png.length + " bytes");
                assertEquals(
                        "[8, 3]",
                        Arrays.toString(new byte[] {png[DEPTH_AT], png[COLOUR_AT]}),
                        each + " has no palette");
            }
        }
    }

    @Test
    void whatTheyQuoteStandsOnThePage() throws IOException {
        for (String language : GUIDES.keySet()) {
            Set<String> words = new HashSet<>();
            try (InputStream in = InstallPageTest.class.getResourceAsStream("/page/" + language + ".json")) {
                for (JsonNode word : new ObjectMapper().readTree(in)) {
                    words.add(word.asText());
                }
            }
            List<String> quoted = new ArrayList<>();
            Matcher matcher = QUOTED.matcher(guide(language).replaceAll("(?s)```.*?```|`[^`]*`", ""));
            while (matcher.find()) {
                quoted.add(matcher.group(1));
            }
            assertTrue(quoted.size() >= 6, language + " quotes only " + quoted);
            quoted.removeAll(words);
            assertEquals(List.of(), quoted, language);
        }
    }
}
