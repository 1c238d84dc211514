package org.wasla.gateway.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without the bound each of the patterns here looks for longer than anybody waits: the test would not end. */
class SoughtTest {
    private static final String SAME = "a".repeat(60) + "!";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(.*a){25}b",
                "(?:a+){2,30}b",
                "(a{1,3}){1,40}b",
                "(a|a){1,60}b",
                "(?:(?:a|aa)+)+b",
                "(?<n>a+)+\\k<n>b",
                "a*a*a*a*a*b"
            })
    void aPatternThatSearchesWithoutEndIsStopped(String pattern) {
        assertThrows(Sought.Endless.class, Sought.matcher(Pattern.compile(pattern), SAME)::matches);
        assertThrows(Sought.Endless.class, Sought.matcher(Pattern.compile(pattern), SAME)::find);
        Matcher again = Pattern.compile(pattern).matcher("b");
        assertThrows(Sought.Endless.class, Sought.matcher(again, SAME)::matches);
    }

    /** Infamous elsewhere; this JDK remembers where their loops have failed, and they need no stopping. */
    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)+b", "(?:a*)*b", "(x+x+)+y", "(?:a{1,3})+b"})
    void whatThisJdkCanDoItDoes(String pattern) {
        assertFalse(Sought.matcher(Pattern.compile(pattern), SAME).matches());
        assertFalse(
                Sought.matcher(Pattern.compile(pattern), SAME.replace('a', 'x')).matches());
    }

    @Test
    void whatFitsIsFoundAsEver() {
        Matcher found = Sought.matcher(Pattern.compile("N=(?<n>\\d+) (.*)"), "N=12 rest");
        assertTrue(found.matches());
        assertEquals("12", found.group("n"));
        assertEquals("rest", found.group(2));
        assertEquals("N=12 rest", found.group());
        assertArrayEquals(new String[] {"a", "b", "c"}, Sought.split(Pattern.compile(" +"), "a  b c"));
        assertArrayEquals(new String[] {""}, Sought.split(Pattern.compile(" +"), ""));
    }

    /** The longest that a device may send, and a pattern that looks at each character many times. */
    @Test
    void aLongTextHasRoom() {
        String text = "AB=12;".repeat(10_000);
        Matcher all = Sought.matcher(Pattern.compile("(?:[A-Z]+=[0-9]*?;)*+"), text);
        assertTrue(all.matches());
        Matcher each = Sought.matcher(Pattern.compile("[A-Z]+?=(\\d+?);"), text);
        int count = 0;
        while (each.find()) {
            count++;
        }
        assertEquals(10_000, count);
    }
}
