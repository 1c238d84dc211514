package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.Template;
import org.wasla.gateway.message.Variable;
import org.wasla.gateway.message.Variable.Form;
import org.wasla.gateway.message.Variable.Origin;

/** Reads the {@code vars} of a dialogue. */
final class VariableReader {
    private static final int BYTES_MAX = 256;

    private VariableReader() {}

    static List<Variable> read(Section vars, List<MessageSpec> messages) {
        List<Variable> variables = new ArrayList<>();
        for (String name : vars.keys()) {
            Entry entry = vars.need(name, "{message: id, field: serial}");
            if (!MappingReader.NAME.matcher(name).matches() || name.equals(Template.CHECK)) {
                entry.problem("is no name for a variable", "write small letters, digits and dashes, and not check");
            }
            Section section = entry.section();
            Form form = new Form(
                    section.has("as") ? section.need("as", "text").choice(Form.Type.class) : Form.Type.TEXT,
                    section.whole("digits", 0, 10, 0));
            Origin origin = section.has("count") ? counted(section, form) : captured(section, messages);
            variables.add(new Variable(name, origin, form));
            section.end();
        }
        return variables;
    }

    private static Origin counted(Section section, Form form) {
        Entry count = section.need("count", "[1, 255]");
        List<Entry> range = count.list();
        int most = switch (form.type()) {
            case U1 -> 0xff;
            case U2BE, U2LE -> 0xffff;
            default -> Integer.MAX_VALUE;
        };
        if (range.size() != 2) {
            count.problem("is no range", "write the lowest and the highest number, such as [1, 255]");
            return new Origin.Counted(0, 1);
        }
        int low = range.get(0).whole(0, most);
        int high = range.get(1).whole(0, most);
        if (high < low) {
            count.problem("ends before it begins", "write the lowest number first");
        }
        return new Origin.Counted(low, high);
    }

    private static Origin captured(Section section, List<MessageSpec> messages) {
        section.need("message", "id");
        Set<String> ids = DialogueReader.ids(section, "message", messages);
        Entry field = section.need("field", "serial");
        String name = field.isEmpty() ? "" : field.text();
        if (!name.isEmpty()
                && messages.stream()
                        .anyMatch(message -> ids.contains(message.id()) && !MessageReader.mayHave(message, name))) {
            field.problem(
                    "is '" + name + "', which the message cannot have",
                    "write a field of the message, or correct its spelling");
        }
        int bytesMax = section.whole("max", 1, BYTES_MAX, 64);
        @Nullable
        String initial = section.has("text")
                ? FrameReader.bytes(section.need("text", "'1'")).latin1()
                : null;
        if (initial != null && initial.length() > bytesMax) {
            section.need("text", "'1'").problem("is longer than its max", "write at most " + bytesMax + " bytes");
        }
        return new Origin.Captured(List.copyOf(ids), name, initial, bytesMax);
    }
}
