package org.wasla.gateway.message;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Variable.Origin;

/** What is known of one device's variables since its line was opened, and the bytes that name them. One thread. */
final class Variables {
    private final Dialogue dialogue;
    private final Map<String, String> captured = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    Variables(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    /** Takes what the message tells. */
    void capture(Message message) {
        for (Variable variable : dialogue.variables()) {
            if (variable.origin() instanceof Origin.Captured source
                    && source.messages().contains(message.type())) {
                String text = message.text(source.field());
                if (text != null && text.length() <= source.bytesMax()) {
                    captured.put(variable.name(), text);
                }
            }
        }
    }

    /**
     * @param answered the message whose fields may be named too, before the variables; null when there is none
     * @return the bytes, or null when a value is missing
     */
    @Nullable
    Bytes fill(Template template, @Nullable Message answered) {
        Map<String, String> once = new HashMap<>();
        return template.fill(
                name -> {
                    String field = answered == null ? null : answered.text(name);
                    String known = field == null ? once.get(name) : field;
                    String value = known == null ? value(name) : known;
                    if (value != null) {
                        // A running number that stands twice in what is sent is the same one.
                        once.put(name, value);
                    }
                    return value;
                },
                dialogue.check());
    }

    private @Nullable String value(String name) {
        for (Variable variable : dialogue.variables()) {
            if (variable.name().equals(name)) {
                String value = variable.origin() instanceof Origin.Counted count
                        ? next(name, count)
                        : captured(name, (Origin.Captured) variable.origin());
                return value == null ? null : variable.form().write(value);
            }
        }
        return null;
    }

    private @Nullable String captured(String name, Origin.Captured source) {
        String text = captured.get(name);
        return text == null ? source.initial() : text;
    }

    private String next(String name, Origin.Counted count) {
        int number = counts.getOrDefault(name, count.low());
        counts.put(name, number >= count.high() ? count.low() : number + 1);
        return Integer.toString(number);
    }
}
