package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.SizeField;
import org.wasla.gateway.message.Message.Field;

/**
 * Records of one shape in a binary frame, one behind the other from index {@code at} to {@code to}. Each holds the
 * fields itself, or says where its body with the fields stands. Immutable.
 *
 * @param to where the records end; 0 or less counts from the frame's end. Records whose number the frame tells must end
 *     there: one of another length would show other values
 * @param stop what only the record has that ends the list early and is none, or null
 * @param when which of the records are meant; others are passed over
 * @param key names the fields of each record, or null
 * @param body where the fields stand, or null: in the record
 * @param seq places count from the body's beginning
 */
public record SeqGroup(
        int at,
        Repeat repeat,
        int to,
        @Nullable When stop,
        List<When> when,
        @Nullable Key key,
        @Nullable Body body,
        List<SeqField> seq)
        implements Seq {
    /**
     * The number that tells records apart.
     *
     * @param names its names; one without is named by itself
     */
    public record Key(SizeField number, Map<Long, String> names) {
        public Key {
            names = Map.copyOf(names);
        }

        String prefix(long code) {
            return names.getOrDefault(code, Long.toString(code)) + ".";
        }
    }

    /**
     * Fields that stand elsewhere.
     *
     * @param place a number of the record: the index in the frame where they begin
     * @param when which bodies are meant; others are passed over
     */
    public record Body(SizeField place, List<When> when) {
        public Body {
            when = List.copyOf(when);
        }
    }

    public SeqGroup {
        when = List.copyOf(when);
        seq = List.copyOf(seq);
    }

    @Override
    public List<String> ids() {
        return seq.stream().map(SeqField::id).toList();
    }

    @Override
    public boolean read(Bytes frame, int begin, int end, String prefix, List<Field> fields) {
        int last = to > 0 ? to : end + to;
        int times = repeat.of(frame, begin, at, last);
        if (last > end || times < 0 || repeat.isTold() && at + times * repeat.step() != last) {
            return false;
        }
        for (int i = 0; i < times; i++) {
            int record = at + i * repeat.step();
            if (record + repeat.step() > last) {
                return false;
            }
            if (stop != null && stop.holds(frame, record)) {
                return true;
            }
            if (When.all(when, frame, record) && !record(frame, record, last, prefix, fields)) {
                return false;
            }
        }
        return true;
    }

    private boolean record(Bytes frame, int record, int last, String prefix, List<Field> fields) {
        String name = key == null ? prefix : prefix + key.prefix(key.number().read(frame, record));
        if (body == null) {
            return fields(frame, record, record + repeat.step(), name, fields);
        }
        long begin = body.place().read(frame, record);
        if (begin < 0 || begin > last) {
            return false;
        }
        for (When condition : body.when()) {
            if (begin + condition.at() >= last) {
                return false;
            }
        }
        return !When.all(body.when(), frame, (int) begin) || fields(frame, (int) begin, last, name, fields);
    }

    private boolean fields(Bytes frame, int begin, int end, String prefix, List<Field> fields) {
        for (SeqField field : seq) {
            if (!field.read(frame, begin, end, prefix, fields)) {
                return false;
            }
        }
        return true;
    }

    /** Writes the records of which some value is there, one behind the other, and their bodies likewise. */
    @Override
    public int write(byte[] frame, int begin, String prefix, Values values) {
        int record = at;
        int place = body == null ? at : body.place().add();
        for (long code : written(prefix, values)) {
            int from = body == null ? record : place;
            head(frame, record, from, code);
            String name = key == null ? prefix : prefix + key.prefix(code);
            for (SeqField field : seq) {
                place = Math.max(place, field.write(frame, from, name, values));
            }
            record += repeat.step();
        }
        if (stop != null && record > at && record < at + repeat.times() * repeat.step()) {
            stop.write(frame, record);
        }
        if (repeat.counted() != null && record > at) {
            repeat.counted().write(frame, begin, (record - at) / repeat.step());
        }
        return Math.max(record, place);
    }

    private void head(byte[] frame, int record, int from, long code) {
        when.forEach(condition -> condition.write(frame, record));
        if (key != null) {
            key.number().write(frame, record, code);
        }
        if (body != null) {
            body.place().write(frame, record, from);
            body.when().forEach(condition -> condition.write(frame, from));
        }
    }

    private List<Long> written(String prefix, Values values) {
        List<Long> codes = new ArrayList<>(
                key == null ? List.of(0L) : new TreeSet<>(key.names().keySet()));
        codes.removeIf(code -> {
            String name = key == null ? prefix : prefix + key.prefix(code);
            return seq.stream().noneMatch(field -> values.has(name + field.id()));
        });
        return codes;
    }
}
