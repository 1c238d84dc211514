package org.wasla.gateway.indicators;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.wasla.gateway.indicators.Grain.Period;
import org.wasla.gateway.indicators.Turnarounds.From;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.render.Tree;

/**
 * What is counted, as JSON that is kept over a restart. Immutable but for the books.
 *
 * @param open periods that were not over
 * @param over those that were and had no document yet
 * @param told how many documents a period has, by its beginning
 */
record State(List<Book> open, List<Book> over, Map<Grain, Map<Long, Integer>> told) {
    private static final String VERSION = "1";

    static byte[] write(Collection<Book> open, List<Book> over, Map<Grain, Map<Long, Integer>> told) {
        String text = JsonText.write(json -> {
            json.writeStringField("v", VERSION);
            books(json, "open", open);
            books(json, "over", over);
            json.writeObjectFieldStart("told");
            for (Map.Entry<Grain, Map<Long, Integer>> each : told.entrySet()) {
                json.writeArrayFieldStart(each.getKey().wire());
                for (Map.Entry<Long, Integer> part : each.getValue().entrySet()) {
                    json.writeStartArray();
                    json.writeNumber(part.getKey());
                    json.writeNumber(part.getValue());
                    json.writeEndArray();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void books(JsonGenerator json, String name, Collection<Book> books) throws IOException {
        json.writeArrayFieldStart(name);
        for (Book book : books) {
            book(json, book);
        }
        json.writeEndArray();
    }

    private static void book(JsonGenerator json, Book book) throws IOException {
        json.writeStartObject();
        json.writeStringField("grain", book.grain().wire());
        json.writeNumberField("from", book.period().fromMs());
        json.writeNumberField("to", book.period().toMs());
        json.writeNumberField("part", book.part());
        json.writeNumberField("covered", book.coveredMs());
        json.writeNumberField("minutes", book.minutes());
        json.writeNumberField("steps", book.steps());
        json.writeStringField("clk", book.clock());
        Book.Backlog backlog = book.backlog();
        numbers(
                json,
                "backlog",
                List.of(backlog.waiting(), backlog.most(), backlog.oldestMs(), backlog.mostOldestMs()));
        json.writeArrayFieldStart("dev");
        for (Map.Entry<String, DeviceCounts> each : book.devices().entrySet()) {
            device(json, each.getKey(), each.getValue());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void device(JsonGenerator json, String id, DeviceCounts counts) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id);
        String unit = counts.place().unit();
        if (unit != null) {
            json.writeStringField("unit", unit);
        }
        json.writeStringField("kind", counts.place().kind());
        for (Count count : Count.values()) {
            if (counts.get(count) != 0) {
                json.writeNumberField(count.name(), counts.get(count));
            }
        }
        for (From from : From.values()) {
            if (counts.turnaround(from).n() > 0) {
                numbers(json, from.wire(), counts.turnaround(from).numbers());
            }
        }
        json.writeEndObject();
    }

    private static void numbers(JsonGenerator json, String name, List<Long> numbers) throws IOException {
        json.writeArrayFieldStart(name);
        for (long number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    /** Empty when it is not to be read as a whole. */
    static Optional<State> read(byte[] json) {
        try {
            Tree tree = Tree.read(json);
            Tree parts = tree.tree("told");
            if (!tree.text("v").equals(VERSION) || parts == null) {
                return Optional.empty();
            }
            Map<Grain, Map<Long, Integer>> told = new EnumMap<>(Grain.class);
            for (Grain grain : Grain.values()) {
                Map<Long, Integer> of = new LinkedHashMap<>();
                for (List<String> part : parts.lists(grain.wire())) {
                    of.put(Long.parseLong(part.get(0)), Integer.parseInt(part.get(1)));
                }
                told.put(grain, of);
            }
            return Optional.of(new State(books(tree.trees("open")), books(tree.trees("over")), told));
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    private static List<Book> books(List<Tree> trees) {
        List<Book> books = new ArrayList<>();
        for (Tree tree : trees) {
            Grain grain = Grain.valueOf(tree.text("grain").toUpperCase(Locale.ROOT));
            Book book = new Book(grain, new Period(tree.whole("from"), tree.whole("to")), (int) tree.whole("part"));
            List<Long> waited = longs(tree, "backlog");
            book.restore(
                    tree.whole("covered"),
                    (int) tree.whole("minutes"),
                    (int) tree.whole("steps"),
                    tree.text("clk"),
                    new Book.Backlog(waited.get(0), waited.get(1), waited.get(2), waited.get(3)));
            for (Tree each : tree.trees("dev")) {
                device(each, book.device(each.text("id"), new Place(each.get("unit"), each.text("kind"))));
            }
            books.add(book);
        }
        return books;
    }

    private static void device(Tree tree, DeviceCounts counts) {
        for (Count count : Count.values()) {
            if (tree.has(count.name())) {
                counts.add(count, tree.whole(count.name()));
            }
        }
        for (From from : From.values()) {
            if (tree.has(from.wire())) {
                counts.turnaround(from).read(longs(tree, from.wire()));
            }
        }
    }

    private static List<Long> longs(Tree tree, String name) {
        return tree.texts(name).stream().map(Long::parseLong).toList();
    }
}
