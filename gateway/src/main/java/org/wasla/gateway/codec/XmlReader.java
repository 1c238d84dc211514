package org.wasla.gateway.codec;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * Reads one XML 1.0 document (fifth edition, chapters 2 to 4) without a document type: no entities but the five that
 * every document has and characters by number, so that nothing grows and nothing is fetched. Namespaces are not looked
 * at. Depth, elements and attributes have limits. One document; one thread.
 */
final class XmlReader {
    private static final int DEPTH_MAX = 32;
    private static final int ELEMENTS_MAX = 50_000;
    private static final int ATTRIBUTES_MAX = 32;
    private static final Pattern ENCODING =
            Pattern.compile("<\\?xml[^>]*?\\sencoding\\s*=\\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,39})[\"']");
    private static final Pattern XML_DECLARATION = Pattern.compile(
            "<\\?xml\\s+version\\s*=\\s*(\"1\\.[01]\"|'1\\.[01]')(\\s+encoding\\s*=\\s*(\"[A-Za-z][\\w.-]*\"|'[A-Za-z][\\w.-]*'))?"
                    + "(\\s+standalone\\s*=\\s*(\"(yes|no)\"|'(yes|no)'))?\\s*\\?>");
    private static final int DECLARATION_MAX = 200;
    private static final Map<String, String> ENTITIES =
            Map.of("lt", "<", "gt", ">", "amp", "&", "quot", "\"", "apos", "'");

    private final String text;
    private final Deque<Open> open = new ArrayDeque<>();
    private int at;
    private int elements;
    private @Nullable XmlElement root;

    XmlReader(Bytes document) {
        this.text = decoded(document);
    }

    /** The document is not well formed, or too large. Stays within this class. */
    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed() {
            super("not well formed", null, false, false);
        }
    }

    /** An element whose end has not come. */
    private static final class Open {
        private final String name;
        private final Map<String, String> attributes;
        private final StringBuilder text = new StringBuilder();
        private final List<XmlElement> children = new ArrayList<>();

        Open(String name, Map<String, String> attributes) {
            this.name = name;
            this.attributes = attributes;
        }

        XmlElement closed() {
            return new XmlElement(name, attributes, text.toString(), children);
        }
    }

    Optional<XmlElement> read() {
        try {
            document();
            return Optional.ofNullable(root);
        } catch (Malformed malformed) {
            return Optional.empty();
        }
    }

    /** What the declaration says; else UTF-8 where the bytes are that, else Latin-1, as elsewhere. */
    private static String decoded(Bytes document) {
        byte[] bytes = document.toArray();
        Matcher told = ENCODING.matcher(
                document.slice(0, Math.min(DECLARATION_MAX, bytes.length)).latin1());
        Charset charset = told.lookingAt() ? charset(told.group(1)) : null;
        if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
            return new String(bytes, charset);
        }
        String utf8 = new String(bytes, StandardCharsets.UTF_8);
        return Arrays.equals(utf8.getBytes(StandardCharsets.UTF_8), bytes)
                ? utf8
                : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Only sets with ASCII's letters in their places: the document was cut out by these. */
    private static @Nullable Charset charset(String name) {
        String known = name.toLowerCase(Locale.ROOT);
        try {
            boolean isTaken = known.startsWith("iso-8859-") || known.startsWith("windows-");
            return isTaken && Charset.isSupported(name) ? Charset.forName(name) : null;
        } catch (IllegalCharsetNameException noName) {
            return null;
        }
    }

    private void document() throws Malformed {
        if (text.startsWith("<?xml") && text.length() > 5 && isSpace(text.charAt(5))) {
            int end = text.indexOf("?>") + 2;
            need(end > 2 && XML_DECLARATION.matcher(text.substring(0, end)).matches());
            at = end;
        }
        while (at < text.length()) {
            if (text.charAt(at) == '<') {
                markup();
            } else if (open.isEmpty()) {
                need(isSpace(text.charAt(at++)));
            } else {
                characters();
            }
        }
        need(root != null && open.isEmpty());
    }

    private void need(boolean holds) throws Malformed {
        if (!holds) {
            throw new Malformed();
        }
    }

    private void markup() throws Malformed {
        if (text.startsWith("<!--", at)) {
            String comment = upTo(4, "-->");
            need(!comment.contains("--") && !comment.endsWith("-"));
        } else if (text.startsWith("<![CDATA[", at)) {
            Open within = open.peek();
            need(within != null);
            String data = upTo(9, "]]>");
            if (within != null) {
                within.text.append(data);
            }
        } else if (text.startsWith("<?", at)) {
            at += 2;
            String target = name();
            need(!target.equalsIgnoreCase("xml"));
            need(text.startsWith("?>", at) || isSpace(here()));
            upTo(0, "?>");
        } else if (text.startsWith("</", at)) {
            end();
        } else {
            start();
        }
    }

    /** @return what stands between so many characters on and the mark, behind which it goes on */
    private String upTo(int skipped, String mark) throws Malformed {
        int from = at + skipped;
        int to = text.indexOf(mark, from);
        need(to >= 0);
        at = to + mark.length();
        String between = text.substring(from, to);
        for (int i = 0; i < between.length(); i++) {
            need(isCharacter(between.charAt(i)));
        }
        return between;
    }

    private void start() throws Malformed {
        at++;
        String name = name();
        need(!open.isEmpty() || root == null);
        need(open.size() < DEPTH_MAX && ++elements <= ELEMENTS_MAX);
        Map<String, String> attributes = new LinkedHashMap<>();
        boolean isApart = space();
        while (here() != '>' && here() != '/') {
            need(isApart && attributes.size() < ATTRIBUTES_MAX);
            String attribute = name();
            space();
            need(here() == '=');
            at++;
            space();
            need(attributes.put(attribute, value()) == null);
            isApart = space();
        }
        boolean isEmpty = here() == '/';
        at += isEmpty ? 1 : 0;
        need(here() == '>');
        at++;
        Open begun = new Open(name, attributes);
        if (isEmpty) {
            close(begun);
        } else {
            open.push(begun);
        }
    }

    private void end() throws Malformed {
        at += 2;
        String name = name();
        space();
        need(here() == '>');
        at++;
        Open begun = open.poll();
        need(begun != null && begun.name.equals(name));
        if (begun != null) {
            close(begun);
        }
    }

    private void close(Open begun) {
        Open above = open.peek();
        if (above == null) {
            root = begun.closed();
        } else {
            above.children.add(begun.closed());
        }
    }

    private char here() throws Malformed {
        need(at < text.length());
        return text.charAt(at);
    }

    private boolean space() {
        int from = at;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at > from;
    }

    private String name() throws Malformed {
        int from = at;
        while (at < text.length() && isOfName(text.charAt(at), at == from)) {
            at++;
        }
        need(at > from);
        return text.substring(from, at);
    }

    /** White space in a value counts as a blank (3.3.3). */
    private String value() throws Malformed {
        char quote = here();
        need(quote == '"' || quote == '\'');
        at++;
        StringBuilder value = new StringBuilder();
        while (here() != quote) {
            need(here() != '<');
            if (here() == '&') {
                value.append(reference());
            } else {
                char c = text.charAt(at++);
                need(isCharacter(c));
                // A line end of two characters is one.
                boolean isRestOfLineEnd = c == '\n' && text.charAt(at - 2) == '\r';
                value.append(isRestOfLineEnd ? "" : isSpace(c) ? " " : String.valueOf(c));
            }
        }
        at++;
        return value.toString();
    }

    private void characters() throws Malformed {
        Open within = open.peek();
        while (within != null && at < text.length() && text.charAt(at) != '<') {
            if (text.charAt(at) == '&') {
                within.text.append(reference());
            } else {
                char c = text.charAt(at);
                need(isCharacter(c) && !text.startsWith("]]>", at));
                at++;
                within.text.append(c);
            }
        }
    }

    private String reference() throws Malformed {
        int end = text.indexOf(';', at);
        need(end > at + 1 && end - at <= 10);
        String name = text.substring(at + 1, end);
        at = end + 1;
        if (name.charAt(0) != '#') {
            String stands = ENTITIES.get(name);
            need(stands != null);
            return stands == null ? "" : stands;
        }
        boolean isHex = name.startsWith("#x");
        try {
            String digits = name.substring(isHex ? 2 : 1);
            need(!digits.isEmpty() && Character.digit(digits.charAt(0), isHex ? 16 : 10) >= 0);
            int code = Integer.parseInt(digits, isHex ? 16 : 10);
            boolean isBmp = code <= 0xffff && isCharacter((char) code) && !Character.isSurrogate((char) code);
            need(isBmp || code >= 0x10000 && code <= 0x10ffff);
            return Character.toString(code);
        } catch (NumberFormatException noNumber) {
            throw new Malformed();
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isCharacter(char c) {
        return c >= ' ' && c < '\ufffe' || isSpace(c);
    }

    private static boolean isOfName(char c, boolean isFirst) {
        boolean isLetter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == ':' || c >= '\u00c0';
        return isLetter || !isFirst && (c >= '0' && c <= '9' || c == '-' || c == '.');
    }
}
