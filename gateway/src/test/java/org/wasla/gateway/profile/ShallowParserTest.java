package org.wasla.gateway.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A text from outside that would use up stack or time is refused before anybody follows it. */
class ShallowParserTest {
    private static String refused(String text) {
        Problems problems = new Problems();
        Section.parse("bomb.yaml", text, problems);
        assertEquals(1, problems.list().size(), problems.list().toString());
        return problems.list().get(0).what();
    }

    @Test
    void whatIsNestedTooDeepIsRefusedHoweverItIsWritten() {
        int many = 200_000;
        String expected = "this is no YAML: it is nested deeper than 50 levels";
        assertEquals(expected, refused("[".repeat(many)));
        assertEquals(expected, refused("{a: ".repeat(many)));
        assertEquals(expected, refused("a:\n " + "- ".repeat(many) + "x"));
        StringBuilder blocks = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            blocks.append(" ".repeat(i)).append("a:\n");
        }
        assertEquals(expected, refused(blocks + " ".repeat(60) + "x"));
        // Each of the names is shallow; what they lead to is not.
        StringBuilder chain = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 1_000; i++) {
            chain.append("a" + i + ": &a" + i + " [*a" + (i - 1) + "]\n");
        }
        assertEquals(expected, refused(chain.toString()));
    }

    @Test
    void whatGrowsWithoutEndIsRefused() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String each = "*a" + (i - 1);
            laughs.append("a" + i + ": &a" + i + " [" + String.join(", ", List.of(each, each, each, each, each, each)))
                    .append("]\n");
        }
        assertEquals("this is no YAML: it stands for more than 2000000 values", refused(laughs.toString()));
        assertEquals("this is no YAML: it holds itself", refused("a: &a {b: [*a]}\n"));
        assertEquals("this is no YAML: it holds itself", refused("&a [*a]\n"));
    }

    @Test
    void whatProfilesWriteIsRead() {
        Problems problems = new Problems();
        Section root =
                Section.parse("p", "a: &a [x, y]\nb: *a\nc: {d: *a, e: [[[[1]]]]}\nf: &f text\ng: *f\n", problems);
        assertEquals(List.of("x", "y"), root.texts("b"));
        assertEquals("text", root.text("g", ""));
        assertTrue(problems.isEmpty());
        assertEquals("[\"x\", \"y\"]", root.get("b").orElseThrow().flow());
        assertEquals(
                "{\"d\": [\"x\", \"y\"], \"e\": [[[[\"1\"]]]]}",
                root.get("c").orElseThrow().flow());
    }

    @Test
    void aListAloneIsReadAndItsLinesAreTold() {
        Problems problems = new Problems();
        List<Entry> entries = Section.parseList("devices", "- {a: 1}\n- {b: \"x\\ty\"}\n", problems);
        assertEquals(2, entries.size());
        assertEquals(2, entries.get(1).line());
        Section second = Section.parseList("again", "- " + entries.get(1).flow(), problems)
                .get(0)
                .section();
        assertEquals("x\ty", second.text("b", ""));
        assertTrue(problems.isEmpty());
        assertEquals(List.of(), Section.parseList("devices", "[]", problems));
        assertTrue(problems.isEmpty());
        for (String none : List.of("", "a: 1", "text", "- [")) {
            Problems own = new Problems();
            Section.parseList("devices", none, own);
            assertEquals(1, own.list().size(), none);
        }
    }
}
