package org.wasla.gateway.profile;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads YAML and refuses it when it is nested deeper than {@value #DEPTH_MAX}: what puts it together calls itself for
 * each level, and a text from outside could use up the thread's stack. One thread.
 */
final class ShallowParser implements Parser {
    static final int DEPTH_MAX = 50;
    private final Parser parser;
    private int depth;

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
        Event.ID id = event.getEventId();
        if (id == Event.ID.MappingStart || id == Event.ID.SequenceStart) {
            depth++;
        } else if (id == Event.ID.MappingEnd || id == Event.ID.SequenceEnd) {
            depth--;
        }
        if (depth > DEPTH_MAX) {
            String problem = "it is nested deeper than " + DEPTH_MAX + " levels";
            throw new ParserException("", Optional.empty(), problem, event.getStartMark());
        }
        return event;
    }
}
