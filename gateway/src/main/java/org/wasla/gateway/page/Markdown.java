package org.wasla.gateway.page;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns notes for the installer into HTML: headings, paragraphs, lists, tables, code, bold. Everything else is text, and
 * all of it is escaped: a profile may come from anywhere. Links lose their target, since the page leads nowhere. Pure.
 */
final class Markdown {
    private static final int LINES_MAX = 600;
    private static final int LINE_CHARS_MAX = 4_000;
    private static final Pattern HEADING = Pattern.compile("(#{1,4}) +(.*)");
    private static final Pattern ITEM = Pattern.compile("(?:[-*]|\\d{1,3}\\.) +(.*)");
    private static final Pattern RULE = Pattern.compile("\\|?[ :|-]+\\|?");
    private static final Pattern SPAN =
            Pattern.compile("`([^`]{1,200})`|\\*\\*([^*]{1,300})\\*\\*|!?\\[([^\\]\\[]{1,200})]\\([^)\\s]{1,300}\\)");

    private final StringBuilder html = new StringBuilder();
    private final List<String> paragraph = new ArrayList<>();
    private String open = "";

    private Markdown() {}

    static String html(String markdown) {
        Markdown page = new Markdown();
        List<String> lines = markdown.lines().limit(LINES_MAX).toList();
        boolean isCode = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String text = line.length() > LINE_CHARS_MAX ? line.substring(0, LINE_CHARS_MAX) : line;
            if (text.startsWith("```")) {
                isCode = !isCode;
                page.into(isCode ? "pre" : "");
            } else if (isCode) {
                page.html.append(escaped(text)).append('\n');
            } else {
                page.line(text.strip(), i + 1 < lines.size() ? lines.get(i + 1).strip() : "");
            }
        }
        page.into("");
        return page.html.toString();
    }

    private void line(String text, String next) {
        Matcher heading = HEADING.matcher(text);
        Matcher item = ITEM.matcher(text);
        if (text.isEmpty()) {
            into("");
        } else if (heading.matches()) {
            into("");
            // The page has headings of its own above them.
            String tag = heading.group(1).length() == 1 ? "h3" : "h4";
            html.append('<').append(tag).append('>').append(spans(heading.group(2)));
            html.append("</").append(tag).append('>');
        } else if (text.startsWith("|")) {
            boolean isHead = !open.equals("table")
                    && next.startsWith("|")
                    && RULE.matcher(next).matches();
            into("table");
            row(text, isHead ? "th" : "td");
        } else if (item.matches()) {
            into("ul");
            html.append("<li>").append(spans(item.group(1))).append("</li>");
        } else {
            into("p");
            paragraph.add(text);
        }
    }

    private void row(String text, String tag) {
        if (RULE.matcher(text).matches()) {
            return;
        }
        String inner = text.substring(1, text.endsWith("|") && text.length() > 1 ? text.length() - 1 : text.length());
        html.append("<tr>");
        for (String cell : inner.split("\\|", -1)) {
            html.append('<').append(tag).append('>').append(spans(cell.strip()));
            html.append("</").append(tag).append('>');
        }
        html.append("</tr>");
    }

    /** Ends the block that is open, unless it is of the same kind, and begins this one. */
    private void into(String block) {
        if (block.equals(open)) {
            return;
        }
        if (open.equals("p")) {
            html.append("<p>").append(spans(String.join(" ", paragraph))).append("</p>");
            paragraph.clear();
        } else if (!open.isEmpty()) {
            html.append("</").append(open).append('>');
        }
        open = block;
        if (!block.isEmpty() && !block.equals("p")) {
            html.append('<').append(block).append('>');
        }
    }

    private static String spans(String text) {
        StringBuilder out = new StringBuilder();
        Matcher span = SPAN.matcher(text);
        int from = 0;
        while (span.find()) {
            out.append(escaped(text.substring(from, span.start())));
            if (span.group(1) != null) {
                out.append("<code>").append(escaped(span.group(1))).append("</code>");
            } else if (span.group(2) != null) {
                out.append("<strong>").append(escaped(span.group(2))).append("</strong>");
            } else {
                out.append(escaped(span.group(3)));
            }
            from = span.end();
        }
        return out.append(escaped(text.substring(from))).toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
