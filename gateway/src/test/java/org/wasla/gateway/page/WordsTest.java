package org.wasla.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.observation.Flag;

/** Every sentence of the page is there in every language: an engineer never reads a key in its place. */
class WordsTest {
    private static final Pattern USED = Pattern.compile("\\bt\\('([a-z0-9-]+)'[,)]|data-t=\"([a-z0-9-]+)\"");
    private static final Pattern GAP = Pattern.compile("\\{\\d}");

    private static String file(String name) throws IOException {
        try (InputStream in = Assets.class.getResourceAsStream("/page/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> words(String language) throws IOException {
        Map<String, String> words = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(file(language + ".json"))) {
            assertEquals(JsonToken.START_OBJECT, json.nextToken());
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                words.put(json.currentName(), json.nextTextValue());
            }
        }
        return words;
    }

    private static Set<String> gaps(String text) {
        Set<String> gaps = new TreeSet<>();
        GAP.matcher(text).results().forEach(gap -> gaps.add(gap.group()));
        return gaps;
    }

    @Test
    void allLanguagesSayTheSame() throws IOException {
        Map<String, String> french = words("fr");
        for (String language : List.of("en", "ar")) {
            Map<String, String> other = words(language);
            assertEquals(french.keySet(), other.keySet(), language);
            french.forEach((key, text) -> {
                assertFalse(other.getOrDefault(key, "").isBlank(), language + " " + key);
                assertEquals(gaps(text), gaps(other.getOrDefault(key, "")), language + " " + key);
            });
        }
    }

    @Test
    void everySentenceThatIsAskedForIsThere() throws IOException {
        Set<String> known = words("fr").keySet();
        Set<String> used = new TreeSet<>();
        for (String name : List.of("index.html", "page.js", "draw.js", "assistant.js")) {
            Matcher matcher = USED.matcher(file(name));
            while (matcher.find()) {
                used.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            }
        }
        for (Flag flag : Flag.values()) {
            used.add("flag-" + flag.wire());
        }
        for (DeviceState state : DeviceState.values()) {
            used.add("state-" + state.wire());
        }
        for (String phase : List.of("silent", "unknown", "captured", "failed", "idle", "comparing")) {
            used.add(phase + "-title");
            used.add(phase + "-text");
        }
        assertTrue(used.size() > 80, used.size() + " are used");
        used.removeAll(known);
        assertEquals(Set.of(), used);
    }
}
