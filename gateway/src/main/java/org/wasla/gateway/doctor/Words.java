package org.wasla.gateway.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The texts in one language: {@code <id>.what}, {@code <id>.why}, {@code <id>.next}, with gaps {@code {0}},
 * or {@code {0 age}} for seconds that are told as an age. Immutable.
 */
public final class Words {
    private final Properties texts = new Properties();

    private Words(String language) {
        try (InputStream file = Words.class.getResourceAsStream("doctor_" + language + ".properties");
                Reader utf8 = new InputStreamReader(Objects.requireNonNull(file), StandardCharsets.UTF_8)) {
            texts.load(utf8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** @param language {@code fr}; everything else is English */
    public static Words in(String language) {
        return new Words(language.toLowerCase(Locale.ROOT).startsWith("fr") ? "fr" : "en");
    }

    /** The language of whoever gives the command, from the variables that say it. */
    public static Words of(Map<String, String> environment) {
        for (String name : new String[] {"LC_ALL", "LC_MESSAGES", "LANG"}) {
            String value = environment.getOrDefault(name, "");
            if (!value.isEmpty()) {
                return in(value);
            }
        }
        return in("en");
    }

    public String what(Advice advice) {
        return text(advice, "what");
    }

    public String why(Advice advice) {
        return text(advice, "why");
    }

    public String next(Advice advice) {
        return text(advice, "next");
    }

    private String text(Advice advice, String part) {
        String[] details = advice.details().toArray(String[]::new);
        return say(advice.id() + "." + part, details);
    }

    /** A text by its key, its gaps filled. */
    public String say(String key, String... details) {
        String text = Objects.requireNonNull(texts.getProperty(key), key);
        for (int i = 0; i < details.length; i++) {
            text = text.replace("{" + i + "}", details[i]);
            String age = "{" + i + " age}";
            if (text.contains(age)) {
                text = text.replace(age, age(Long.parseLong(details[i])));
            }
        }
        return text;
    }

    /** An age in words, in its largest unit. */
    public String age(long seconds) {
        long minutes = seconds / 60;
        if (minutes == 0) {
            return say("age.moment");
        }
        long hours = minutes / 60;
        if (hours == 0) {
            return count("minute", minutes);
        }
        return hours < 48 ? count("hour", hours) : count("day", hours / 24);
    }

    private String count(String unit, long many) {
        return say(many == 1 ? "age." + unit : "age." + unit + "s", String.valueOf(many));
    }

    /** Every key, for whoever compares languages. */
    java.util.Set<String> keys() {
        return texts.stringPropertyNames();
    }
}
