package org.wasla.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A finding without words helps nobody; one with words in one language only, half of the wards. */
class WordsTest {
    private static final Words ENGLISH = Words.in("en");
    private static final Words FRENCH = Words.in("fr_MA.UTF-8");
    private static final Pattern ID = Pattern.compile("(?:wrong|note|absent|behind)\\(\\s*\"([a-z.-]+)\"");
    private static final Pattern GAP = Pattern.compile("\\{\\d(?: age)?}");

    @Test
    void bothLanguagesSayTheSame() {
        assertEquals(new TreeSet<>(ENGLISH.keys()), new TreeSet<>(FRENCH.keys()));
        for (String key : ENGLISH.keys()) {
            assertEquals(gaps(ENGLISH.say(key)), gaps(FRENCH.say(key)), key);
        }
    }

    private static Set<String> gaps(String text) {
        Set<String> gaps = new TreeSet<>();
        Matcher gap = GAP.matcher(text);
        while (gap.find()) {
            gaps.add(gap.group());
        }
        return gaps;
    }

    @Test
    void everyFindingHasItsThreeParts() throws Exception {
        Set<String> told = new TreeSet<>();
        Path main = Path.of("src/main/java/org/wasla/gateway");
        List<Path> files = new ArrayList<>(List.of(main.resolve("cli/Examination.java")));
        try (Stream<Path> doctor = Files.list(main.resolve("doctor"))) {
            doctor.forEach(files::add);
        }
        for (Path file : files) {
            Matcher id = ID.matcher(Files.readString(file));
            while (id.find()) {
                told.add(id.group(1));
            }
        }
        assertTrue(told.size() > 30, told.toString());
        for (String id : told) {
            assertTrue(ENGLISH.keys().containsAll(List.of(id + ".what", id + ".why", id + ".next")), id);
        }
        Set<String> written = new TreeSet<>();
        ENGLISH.keys().stream()
                .filter(key -> key.endsWith(".what"))
                .forEach(key -> written.add(key.replace(".what", "")));
        assertEquals(told, written, "words that nothing says any more");
    }

    @Test
    void anAgeIsToldInItsLargestUnit() {
        assertEquals("less than a minute", ENGLISH.age(59));
        assertEquals("1 minute", ENGLISH.age(60));
        assertEquals("59 minutes", ENGLISH.age(3_599));
        assertEquals("1 hour", ENGLISH.age(7_199));
        assertEquals("47 hours", ENGLISH.age(172_799));
        assertEquals("2 days", ENGLISH.age(172_800));
        assertEquals("moins d'une minute", FRENCH.age(0));
        assertEquals("3 jours", FRENCH.age(3 * 86_400));
        assertEquals(
                "L'appareil a n'a donné aucun enregistrement depuis 26 heures.",
                FRENCH.what(Advice.wrong("device.long", "a", "93600")));
    }

    @Test
    void theLanguageIsThatOfTheSystem() {
        String well = FRENCH.say("well");
        assertEquals(well, Words.of(Map.of("LANG", "fr_FR.UTF-8")).say("well"));
        assertEquals(well, Words.of(Map.of("LC_ALL", "fr_MA", "LANG", "en_US")).say("well"));
        assertEquals(ENGLISH.say("well"), Words.of(Map.of("LANG", "C.UTF-8")).say("well"));
        assertEquals(ENGLISH.say("well"), Words.of(Map.of()).say("well"));
    }
}
