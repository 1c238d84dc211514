package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who writes a profile looks a key up: what the language has stands on one of the pages, and links between them lead there. */
class ReferenceTest {
    private static final List<String> PAGES =
            List.of("REFERENCE.md", "REFERENCE-LINE.md", "REFERENCE-VALUES.md", "RESULTS.md");
    private static final Pattern LINK = Pattern.compile("\\]\\(([A-Z-]*\\.md)?#([^)]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    private static String page(String name) throws IOException {
        return Files.readString(Shelf.FOLDER.resolve(name));
    }

    /** As a heading's address is made by those who show these pages. */
    private static Set<String> anchors(String page) {
        Set<String> anchors = new TreeSet<>();
        Matcher heading = HEADING.matcher(page);
        while (heading.find()) {
            anchors.add(heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    @Test
    void everyLinkLeadsToAHeading() throws IOException {
        int links = 0;
        for (String name : PAGES) {
            Matcher link = LINK.matcher(page(name));
            while (link.find()) {
                String target = link.group(1) == null ? name : link.group(1);
                assertTrue(anchors(page(target)).contains(link.group(2)), name + ": " + link.group());
                links++;
            }
        }
        assertTrue(links > 10, "links " + links);
    }

    /** The names below every "properties" of the schema. */
    private static Set<String> keys() throws IOException {
        Set<String> keys = new TreeSet<>();
        List<Boolean> named = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(page("profile.schema.json"))) {
            String name = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    name = parser.currentName();
                    if (named.get(named.size() - 1)) {
                        keys.add(name);
                    }
                } else if (token == JsonToken.START_OBJECT) {
                    boolean isInside = !named.isEmpty() && named.get(named.size() - 1);
                    named.add(name.equals("properties") && !isInside);
                } else if (token == JsonToken.END_OBJECT) {
                    named.remove(named.size() - 1);
                }
            }
        }
        return keys;
    }

    @Test
    void everyKeyOfTheLanguageIsOnAPage() throws IOException {
        StringBuilder pages = new StringBuilder();
        for (String name : PAGES) {
            pages.append(page(name));
        }
        Set<String> keys = keys();
        assertTrue(keys.size() > 100, keys.toString());
        keys.removeIf(key -> Pattern.compile("[`{ ]" + Pattern.quote(key) + "[`:]")
                .matcher(pages)
                .find());
        assertEquals(Set.of(), keys);
    }
}
