package org.wasla.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Notes come with profiles, and profiles from anywhere: whatever stands in them, the page shows it and obeys nothing. */
class MarkdownTest {
    private static final Pattern HARMLESS = Pattern.compile("</?(h3|h4|p|ul|li|table|tr|td|th|pre|code|strong)>");

    @Test
    void notesBecomeWhatTheyMean() {
        String html = Markdown.html("""
                # Title
                A **bold** word, `code`
                and [a link](README.md).

                - one
                - two

                | a | b |
                |---|---|
                | 1 | 2 |

                ```
                x < y
                ```
                """);
        assertEquals(
                "<h3>Title</h3><p>A <strong>bold</strong> word, <code>code</code> and a link.</p>"
                        + "<ul><li>one</li><li>two</li></ul>"
                        + "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
                        + "<pre>x &lt; y\n</pre>",
                html);
    }

    @Test
    void nothingInThemIsObeyed() {
        Random random = new Random(11);
        String[] pieces = {
            "<script>alert(1)</script>",
            "`",
            "**",
            "|",
            "- ",
            "# ",
            "```\n",
            "\n",
            "[a](javascript:x)",
            "&",
            "\"",
            "'",
            "<img src=x onerror=y>",
            "1. ",
            "![b](http://e)",
            "|---|",
            " ",
            "text",
            "]",
            "("
        };
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(30); j >= 0; j--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String html = Markdown.html(text.toString());
            String left = HARMLESS.matcher(html).replaceAll("");
            assertFalse(left.contains("<") || left.contains(">") || left.contains("\""), "seed 11, " + i + ": " + html);
        }
        assertTrue(Markdown.html("x\n".repeat(5_000)).length() < 2_000, "bounded");
    }

    @Test
    void whatThePageSendsIsOneFlatObject() throws IOException {
        assertEquals(Map.of("a", "b", "c", "true"), read("{\"a\":\"b\",\"c\":true}"));
        String deep = "[".repeat(1_000);
        for (String wrong : new String[] {
            "",
            "[]",
            "{",
            "{\"a\":1}",
            "{\"a\":{}}",
            "{\"a\":null}",
            "{\"a\":\"b\",\"a\":\"c\"}",
            "{} {}",
            deep,
            "{\"a\":\"" + "x".repeat(1_001) + "\"}"
        }) {
            assertThrows(IOException.class, () -> read(wrong), wrong);
        }
    }

    private static Map<String, String> read(String json) throws IOException {
        return Fields.read(json.getBytes(StandardCharsets.UTF_8));
    }
}
