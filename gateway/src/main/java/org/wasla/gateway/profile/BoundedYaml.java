package org.wasla.gateway.profile;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * The events of a YAML file, up to {@value #DEPTH_MAX} levels and {@value #NODES_MAX} nodes: composing is recursive, and a
 * file of brackets would end the process that reads it. One thread.
 */
final class BoundedYaml implements Parser {
    private static final int DEPTH_MAX = 50;
    private static final int NODES_MAX = 30_000;
    private final Parser events;
    private int depth;
    private int nodes;

    private BoundedYaml(Parser events) {
        this.events = events;
    }

    /** @throws YamlEngineException when it is no YAML, or more of it than this */
    static Optional<Node> compose(LoadSettings settings, String text) {
        Parser events = new BoundedYaml(new ParserImpl(settings, new StreamReader(settings, text)));
        return new Composer(settings, events).getSingleNode();
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return events.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return events.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return events.hasNext();
    }

    @Override
    public Event next() {
        Event event = events.next();
        switch (event.getEventId()) {
            case SequenceStart, MappingStart -> {
                depth++;
                nodes++;
            }
            case SequenceEnd, MappingEnd -> depth--;
            case Scalar, Alias -> nodes++;
            default -> {
                // Documents and comments hold nothing of their own.
            }
        }
        if (depth > DEPTH_MAX) {
            throw new YamlEngineException("nested deeper than " + DEPTH_MAX + " levels");
        }
        if (nodes > NODES_MAX) {
            throw new YamlEngineException("more than " + NODES_MAX + " keys and values");
        }
        return event;
    }
}
