package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Message.Field;

/** The fields of one frame while it is read, by the part of the device that they are of. One thread. */
final class Gathered {
    private final List<Field> common = new ArrayList<>();
    private final Map<String, List<Field>> parts = new LinkedHashMap<>();
    private Fault fault = Fault.FORMAT;

    /** @param part which of several devices behind the port the field is of; null: of all in the frame */
    void add(@Nullable String part, Field field) {
        (part == null ? common : parts.computeIfAbsent(part, first -> new ArrayList<>())).add(field);
    }

    /** Says why the frame is damaged. */
    void blame(Fault why) {
        fault = why;
    }

    /** @return why the frame is damaged, when it is */
    Fault fault() {
        return fault;
    }

    /** @return one message, or one for each part, in the order of their first fields */
    List<Message> messages(String type) {
        if (parts.isEmpty()) {
            return List.of(new Message(type, common));
        }
        List<Message> messages = new ArrayList<>();
        parts.forEach((part, own) -> {
            List<Field> fields = new ArrayList<>(common);
            fields.addAll(own);
            messages.add(new Message(type, fields, part));
        });
        return messages;
    }
}
