package org.wasla.gateway.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Framer;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;

/**
 * Looks for a text on which a pattern of a profile searches without end. A pattern gets lost where it had got far and one
 * character says again and again what may go on, and then one comes that nothing fits: so each frame, and each text, of a
 * capture is tried up to each of its characters, that character many times, and DEL. What the captures lead no pattern to
 * is not found here, and is stopped when it comes. One thread.
 */
final class Probe implements Trial.Output {
    /** What is said of a profile that has such a pattern. */
    static final String FOUND =
            "a pattern of the profile searches without end where a character comes again and again; write no repeat within a"
                    + " repeat, such as \\d{1,30} in place of (\\d+){1,30}";

    private static final String SAME = "x".repeat(40);
    private static final String NONE = "\u007f";
    private static final int TEXTS_MAX = 12;
    private static final int PLACES_MAX = 160;

    private final Mapper mapper;
    private int left = TEXTS_MAX;
    private boolean isFound;

    private Probe(Profile profile) {
        this.mapper = new Mapper(profile.mapping());
    }

    /** Whether there is one, as far as this capture shows. */
    static boolean finds(Profile profile, String codes, Path capture) throws IOException {
        Probe probe = new Probe(profile);
        if (profile.talk() instanceof ExchangeSpec spec) {
            Framer framer = new Framer(spec.frame());
            Capture.read(capture, (timeMs, isFromDevice, bytes) -> {
                for (Piece piece : isFromDevice ? framer.put(bytes, bytes.length) : List.<Piece>of()) {
                    if (piece instanceof Piece.Frame frame) {
                        probe.frame(spec, frame.body().latin1());
                    }
                }
            });
        }
        probe.left = TEXTS_MAX;
        Trial.run(profile, codes, capture, probe);
        return probe.isFound;
    }

    private static List<String> stretched(String text) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < Math.min(PLACES_MAX, text.length()); i++) {
            all.add(text.substring(0, i) + SAME.replace('x', text.charAt(i)) + NONE);
        }
        return all;
    }

    private void frame(ExchangeSpec spec, String text) {
        if (isFound || --left < 0) {
            return;
        }
        for (String each : stretched(text)) {
            Bytes frame = Bytes.latin1(each);
            for (MessageSpec message : spec.messages()) {
                isFound |= message.parse(frame) instanceof MessageSpec.Outcome.Damaged damaged
                        && damaged.fault() == Fault.ENDLESS;
            }
        }
    }

    @Override
    public void message(long timeMs, Message message, Mapped mapped) {
        isFound |= isEndless(mapped);
        if (isFound || --left < 0) {
            return;
        }
        for (int i = 0; i < message.fields().size(); i++) {
            if (message.fields().get(i) instanceof Message.Item item) {
                for (String text : stretched(item.text())) {
                    item(message, i, item, text);
                }
            }
        }
    }

    private void item(Message message, int at, Message.Item item, String text) {
        List<Message.Field> fields = new ArrayList<>(message.fields());
        fields.set(at, new Message.Item(item.name(), text, item.unit(), item.flag(), item.range(), item.marks()));
        isFound |= isEndless(mapper.map(new Message(message.type(), fields, message.part())));
        mapper.settle(false);
    }

    private static boolean isEndless(Mapped mapped) {
        return mapped.refused() != null && mapped.fault() == Fault.ENDLESS;
    }

    @Override
    public void bad(long timeMs, Fault fault, int size) {
        isFound |= fault == Fault.ENDLESS;
    }

    @Override
    public void record(byte[] json) {
        // What it becomes is looked at elsewhere.
    }
}
