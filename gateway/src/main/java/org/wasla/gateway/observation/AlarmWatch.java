package org.wasla.gateway.observation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Sought;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.observation.Mapping.AlarmRule;
import org.wasla.gateway.observation.Observation.Meaning;

/**
 * Finds what the messages of one line say of alarms, by the rules of a profile and in the lists of a codec, and keeps a
 * book for each device behind the line. Pure; one thread.
 */
final class AlarmWatch {
    /** Devices behind one line. When there are more, one without an open alarm is forgotten; if all have some, they stay. */
    static final int PARTS_MAX = 256;

    private final Mapping mapping;
    /** By part; the only device of a line is the empty one. */
    private final Map<String, AlarmBook> books = new LinkedHashMap<>();
    /** Parts that have told of their alarms, be it that there are none, since they were last lost. */
    private final Set<String> heard = new HashSet<>();

    AlarmWatch(Mapping mapping) {
        this.mapping = mapping;
    }

    /** What a message brought: records, and what is open now. */
    record Change(List<RecordBody> records, Mapped.Alarms alarms) {}

    /**
     * @param part the device behind the line, or null
     * @param lists those that the message carries and that are not left out
     * @param misfits fields whose text is not of their form: they say nothing of an alarm either
     * @return null when the message says nothing of alarms
     */
    @Nullable
    Change take(Message message, @Nullable String part, List<Message.Alarms> lists, Set<String> misfits) {
        List<Condition> byRule = byRule(message, misfits);
        if (byRule.isEmpty() && lists.isEmpty()) {
            return null;
        }
        String key = part == null ? "" : part;
        AlarmBook book = books.get(key);
        if (book == null) {
            book = new AlarmBook();
            if (!hasRoom()) {
                int active =
                        (int) byRule.stream().filter(each -> !each.isOver()).count();
                for (Message.Alarms list : lists) {
                    active += list.alarms().size();
                }
                return new Change(List.of(), new Mapped.Alarms(List.of(), false, active));
            }
            books.put(key, book);
        }
        boolean isNew = heard.add(key);
        List<RecordBody> records = new ArrayList<>();
        int left = book.take("", byRule, false, records);
        for (Message.Alarms list : lists) {
            left += book.take(list.name(), conditions(message.type(), list), list.complete(), records);
        }
        return new Change(records, new Mapped.Alarms(book.open(), isNew || !records.isEmpty(), left));
    }

    private boolean hasRoom() {
        if (books.size() < PARTS_MAX) {
            return true;
        }
        for (Map.Entry<String, AlarmBook> entry : books.entrySet()) {
            if (entry.getValue().open().isEmpty()) {
                books.remove(entry.getKey());
                heard.remove(entry.getKey());
                return true;
            }
        }
        return false;
    }

    /** Rules with one id are one alarm: it is on while one of them holds, and the first that holds tells how. */
    private List<Condition> byRule(Message message, Set<String> misfits) {
        Map<String, Condition> heard = new LinkedHashMap<>();
        for (AlarmRule rule : mapping.alarms()) {
            String field = rule.target().field();
            String text = rule.target().of(message.type()) ? message.text(field) : null;
            if (text != null && !misfits.contains(field) && rule.test().reads(text)) {
                heard.merge(
                        rule.id(),
                        condition(message.type(), rule, text),
                        (first, next) -> first.isOver() ? next : first);
            }
        }
        return List.copyOf(heard.values());
    }

    private Condition condition(String type, AlarmRule rule, String text) {
        boolean isOn = rule.test().holds(text);
        boolean isLatched =
                rule.latched() != null && Sought.matcher(rule.latched(), text).find();
        return new Condition(
                "",
                rule.id(),
                rule.target().field(),
                rule.text(),
                rule.kind(),
                rule.priorities().getOrDefault(text.strip(), rule.priority()),
                isOn ? isLatched ? "latched" : "active" : "inactive",
                isOn ? source(type, rule.source()) : null);
    }

    private List<Condition> conditions(String type, Message.Alarms list) {
        List<Condition> conditions = new ArrayList<>();
        for (Message.Alarm alarm : list.alarms()) {
            conditions.add(new Condition(
                    list.name(),
                    alarm.id(),
                    alarm.id(),
                    alarm.text(),
                    alarm.kind(),
                    alarm.priority(),
                    alarm.state(),
                    source(type, alarm.source())));
        }
        return conditions;
    }

    private @Nullable Meaning source(String type, @Nullable String field) {
        Meaning meaning = field == null ? null : mapping.meaning(type, field);
        // Only what a record tells of it: an alarm that is read back from its record is the same alarm.
        return meaning == null
                ? null
                : new Meaning("", meaning.label(), meaning.code(), meaning.name(), meaning.loinc(), null, null);
    }

    /** Takes up what was open before the gateway was cut off: the device may tell now that it is over. */
    void restore(@Nullable String part, List<Condition> before) {
        if (!before.isEmpty() && hasRoom()) {
            books.computeIfAbsent(part == null ? "" : part, key -> new AlarmBook())
                    .restore(before);
        }
    }

    /** @return the records for each device that had open alarms: how they go on is unknown now */
    List<Mapped> lost() {
        List<Mapped> lost = new ArrayList<>();
        heard.clear();
        books.forEach((part, book) -> {
            List<RecordBody> records = book.lost();
            if (!records.isEmpty()) {
                Mapped.Alarms none = new Mapped.Alarms(List.of(), true, 0);
                lost.add(new Mapped(part.isEmpty() ? null : part, null, List.of(), records, null, none));
            }
        });
        return lost;
    }

    void settle(boolean areKept) {
        books.values().forEach(book -> book.settle(areKept));
    }
}
