package org.wasla.gateway.profile;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML and refuses what is nested deeper than {@value #DEPTH_MAX}, holds itself, or stands for more than
 * {@value #VALUES_MAX} values once its aliases are followed: whoever reads it follows it by calling himself, and a text
 * from outside could use up the thread's stack or its time. One thread.
 */
final class ShallowParser implements Parser {
    static final int DEPTH_MAX = 50;
    static final int VALUES_MAX = 2_000_000;
    private final Parser parser;
    private final Deque<Level> open = new ArrayDeque<>();
    /** What stands behind each name. */
    private final Map<Anchor, Level> named = new HashMap<>();

    /** A list or a group of keys, and all that it holds so far. */
    private static final class Level {
        private final @Nullable Anchor name;
        private long values = 1;
        private int depth = 1;
        private boolean isWhole;

        Level(@Nullable Anchor name) {
            this.name = name;
        }

        void add(Level held) {
            values += held.values;
            depth = Math.max(depth, held.depth + 1);
        }
    }

    ShallowParser(LoadSettings settings, String text) {
        this.parser = new ParserImpl(settings, new StreamReader(settings, text));
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case MappingStart, SequenceStart -> begin((NodeEvent) event);
            case MappingEnd, SequenceEnd -> end(event);
            case Alias -> alias((AliasEvent) event);
            case Scalar -> count(event, new Level(null));
            default -> {
                // Begin and end of the text hold nothing.
            }
        }
        return event;
    }

    private void begin(NodeEvent event) {
        Level level = new Level(event.getAnchor().orElse(null));
        open.push(level);
        if (level.name != null) {
            named.put(level.name, level);
        }
        if (open.size() > DEPTH_MAX) {
            throw refused(event, "it is nested deeper than " + DEPTH_MAX + " levels");
        }
    }

    private void end(Event event) {
        Level level = open.pop();
        level.isWhole = true;
        count(event, level);
    }

    /** One of a single value is nothing to follow. */
    private void alias(AliasEvent event) {
        Level level = named.get(event.getAlias());
        if (level != null && !level.isWhole) {
            throw refused(event, "it holds itself");
        }
        if (level != null) {
            count(event, level);
        }
    }

    private void count(Event event, Level held) {
        Level level = open.peek();
        if (level == null) {
            return;
        }
        level.add(held);
        if (open.size() + held.depth > DEPTH_MAX + 1) {
            throw refused(event, "it is nested deeper than " + DEPTH_MAX + " levels");
        }
        if (level.values > VALUES_MAX) {
            throw refused(event, "it stands for more than " + VALUES_MAX + " values");
        }
    }

    private static ParserException refused(Event event, String problem) {
        return new ParserException("", Optional.empty(), problem, event.getStartMark());
    }
}
