package org.wasla.gateway.simulator;

import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Template;

/**
 * What a simulated device sends: by itself and when asked. Immutable; the simulator block of a profile. Bytes that it
 * waits for are templates whose names stand for any bytes.
 *
 * @param pushes what it sends by itself
 * @param answers what it answers; the first whose question arrives
 * @param values what stands in for the names in outputs
 * @param start nothing is pushed before these bytes arrive; null: at once
 * @param alive what it must hear to go on pushing, or null
 * @param stop after these bytes nothing is pushed until those of a start arrive; null: nothing stops it
 */
public record SimulatorSpec(
        List<Push> pushes,
        List<Answer> answers,
        Map<String, Generator> values,
        @Nullable Template start,
        @Nullable Alive alive,
        @Nullable Template stop) {
    /** One that nothing stops. */
    public SimulatorSpec(
            List<Push> pushes,
            List<Answer> answers,
            Map<String, Generator> values,
            @Nullable Template start,
            @Nullable Alive alive) {
        this(pushes, answers, values, start, alive, null);
    }

    public SimulatorSpec {
        pushes = List.copyOf(pushes);
        answers = List.copyOf(answers);
        values = Map.copyOf(values);
    }

    /** Sent every {@code everyNs}, the first at once. */
    public record Push(
            long everyNs, Output output, @Nullable Ack ack) {
        public Push(long everyNs, Output output) {
            this(everyNs, output, null);
        }
    }

    /** Sent when the bytes {@code to} arrive; its names may stand in the output. */
    public record Answer(
            Template to, Output output, @Nullable Ack ack) {
        public Answer(Template to, Output output) {
            this(to, output, null);
        }
    }

    /**
     * What must be heard after something was sent, and how soon: else the device says nothing at all, until the bytes of a
     * start or, without one, those of the first answer arrive.
     *
     * @param again for these bytes it is sent once more, or null
     */
    public record Ack(Template by, long withinNs, @Nullable Template again) {}

    /** Without these bytes for so long the device falls silent, until they, or those of a start, arrive. */
    public record Alive(Template to, long withinNs) {}

    /**
     * Bytes to send. Without a text they are a packet of the message's {@code seq}, sealed by the framing.
     *
     * @param text one character a byte; {@code {name}} stands for a value, or for a group or count of the message
     * @param message the message whose grammar is used backwards, or null
     * @param fields how many fields the message's split group holds, or how often a field of a packet stands whose count
     *     is free; 0 when there is none
     * @param size bytes of a packet before escaping; 0 when the framing knows it
     * @param times how many packets go out at once
     */
    public record Output(@Nullable String text, @Nullable String message, int fields, int size, int times) {
        public Output(@Nullable String text, @Nullable String message, int fields, int size) {
            this(text, message, fields, size, 1);
        }
    }

    /** Makes the text of a value for a moment. */
    public sealed interface Generator {
        record Constant(String text) implements Generator {}

        /** Goes from low to high and back in each period, as a sine does. */
        record Swing(double low, double high, long periodMs, int digits, int decimals) implements Generator {}

        /** The time of day, in the zone of this computer. */
        record Clock(DateTimeFormatter format) implements Generator {}

        /** A text many times over, each time for a later moment, evenly over a time. Names in it are other values. */
        record Repeat(int times, String text, long overMs) implements Generator {}

        /** One text after the other. */
        record Cycle(List<String> texts, long eachMs) implements Generator {
            public Cycle {
                texts = List.copyOf(texts);
            }
        }
    }
}
