package org.wasla.gateway.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Template;

/**
 * Finds what a simulated device waits for in the bytes that it hears, whatever the chunks. Names of a template stand for
 * 1 to 64 bytes of any kind, as few as possible. Holds at most 1024 bytes. Pure; one thread.
 */
final class Questions {
    private static final int HELD_BYTES_MAX = 1024;
    private final List<Template> templates;
    private final List<Pattern> patterns;
    private String heard = "";

    /**
     * @param values the bytes that stood for the template's names
     * @param place the same for all that begin at one byte
     */
    record Found(Template template, Map<String, String> values, int place) {}

    Questions(List<Template> templates) {
        this.templates = templates.stream().distinct().toList();
        this.patterns = this.templates.stream().map(Questions::pattern).toList();
    }

    private static Pattern pattern(Template template) {
        StringBuilder regex = new StringBuilder();
        for (Template.Part part : template.parts()) {
            regex.append(part instanceof Template.Part.Literal literal ? Pattern.quote(literal.text()) : "(.{1,64}?)");
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** @return what was found with these bytes, in the order heard; what begins at one byte, in the order given */
    List<Found> hear(byte[] chunk, int length) {
        heard += Bytes.of(chunk, 0, length).latin1();
        List<Found> found = new ArrayList<>();
        for (int end = first(found); end > 0; end = first(found)) {
            heard = heard.substring(end);
        }
        if (heard.length() > HELD_BYTES_MAX) {
            heard = heard.substring(heard.length() - HELD_BYTES_MAX);
        }
        return found;
    }

    /** @return the end of the first that is found, and of all that begin with it; 0 when there is none */
    private int first(List<Found> found) {
        int from = heard.length();
        List<@Nullable Matcher> matchers = new ArrayList<>();
        for (Pattern pattern : patterns) {
            Matcher matcher = pattern.matcher(heard);
            boolean isFound = matcher.find() && matcher.end() > matcher.start();
            from = isFound ? Math.min(from, matcher.start()) : from;
            matchers.add(isFound ? matcher : null);
        }
        int end = 0;
        int place = found.size();
        for (int i = 0; i < templates.size(); i++) {
            Matcher matcher = matchers.get(i);
            if (matcher != null && matcher.start() == from) {
                found.add(new Found(templates.get(i), values(templates.get(i), matcher), place));
                end = Math.max(end, matcher.end());
            }
        }
        return end;
    }

    private static Map<String, String> values(Template template, Matcher matcher) {
        Map<String, String> values = new HashMap<>();
        List<String> names = template.names();
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), matcher.group(i + 1));
        }
        return values;
    }
}
