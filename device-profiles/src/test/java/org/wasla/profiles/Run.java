package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.wasla.gateway.codec.AstmFrames;
import org.wasla.gateway.codec.AstmSpec;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.LengthFrame;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.profile.Capture;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.simulator.Simulated;

/** Bytes through a profile, as a device worker does it, without a line and a buffer. */
final class Run {
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 6, 16, 12, 0, 0);

    /** What bytes became: one text a message that publishes something, and how many bytes became no message. */
    record Result(List<String> messages, int bad) {}

    private Run() {}

    static Result bytes(Profile profile, byte[] bytes, int chunk) {
        return parts(profile, chunk, bytes);
    }

    /** The same for parts of a stream; where only silence shows the beginning of a frame, the line pauses between them. */
    static Result parts(Profile profile, int chunk, byte[]... parts) {
        Talk talk = profile.talk().listening().open(0);
        Mapper mapper = new Mapper(profile.mapping());
        List<String> messages = new ArrayList<>();
        long nowNs = 0;
        int bad = 0;
        for (byte[] part : parts) {
            if (needsSilence(profile)) {
                nowNs += profile.talk().gapNs();
                bad += perform(talk.onTime(nowNs), mapper, messages);
            }
            for (int from = 0; from < part.length; from += chunk) {
                byte[] some = Bytes.of(part, from, Math.min(part.length, from + chunk))
                        .toArray();
                bad += perform(talk.onBytes(some, some.length, nowNs), mapper, messages);
            }
        }
        bad += perform(talk.onEnd(), mapper, messages);
        return new Result(messages, bad);
    }

    /** @return messages of the simulator that publish something: damage to them can show a wrong value */
    static List<byte[]> telling(Profile profile, int messages) {
        List<byte[]> telling = new ArrayList<>();
        for (int all = messages; telling.size() < messages; all *= 2) {
            telling.clear();
            for (byte[] message : simulated(profile, all)) {
                if (!bytes(profile, message, message.length).messages().isEmpty()) {
                    telling.add(message);
                }
            }
        }
        return telling.subList(0, messages);
    }

    private static boolean needsSilence(Profile profile) {
        return profile.talk() instanceof ExchangeSpec spec
                && spec.frame() instanceof LengthFrame frame
                && frame.start().size() == 0;
    }

    private static int perform(List<Action> actions, Mapper mapper, List<String> messages) {
        int bad = 0;
        for (Action action : actions) {
            if (action instanceof Action.Report report) {
                bad += report.size();
            } else if (action instanceof Action.Deliver deliver) {
                // Each message is asked what it says by itself: an open alarm is told once only, wherever the first
                // stood.
                mapper.lost();
                Mapped mapped = mapper.map(deliver.message());
                bad += mapped.refused() == null ? 0 : deliver.size();
                // What is told of the line itself is no value.
                boolean isValue = !mapped.bodies().stream().allMatch(RecordBody.Event.class::isInstance);
                if (mapped.refused() == null && isValue) {
                    messages.add(text(mapped));
                }
            }
        }
        return bad;
    }

    /** Everything that would be published of a message, but for sample counters: those count on past damage. */
    private static String text(Mapped mapped) {
        StringBuilder text = new StringBuilder();
        Envelope envelope = new Envelope("g", mapped.device("d"), null, null, null, null, 1, mapped.deviceTime(), null);
        for (RecordBody body : mapped.bodies()) {
            text.append(new String(RecordJson.write(envelope, body, "00000000", 1), StandardCharsets.UTF_8));
        }
        return text.toString().replaceAll("\"n0\":\\d+", "\"n0\":0");
    }

    /** The bytes from the device in a capture. */
    static byte[] fromDevice(Path capture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Capture.read(capture, (timeMs, fromDevice, bytes) -> {
            if (fromDevice) {
                out.writeBytes(bytes);
            }
        });
        return out.toByteArray();
    }

    /** @return what the profile's simulator says, a message an element, when the profile's own dialogue speaks with it */
    static List<byte[]> simulated(Profile profile, int messages) {
        Simulated simulation = Objects.requireNonNull(profile.simulator(), "no simulator block")
                .start(0);
        Talk talk = profile.talk().open(0);
        List<byte[]> out = new ArrayList<>();
        int told = 0;
        boolean isAstm = profile.talk() instanceof AstmSpec;
        for (long nowNs = 0; (isAstm ? transmissions(out) : out).size() < messages; nowNs += 100_000_000L) {
            assertTrue(nowNs < 3_600_000_000_000L, profile.id() + ": the simulator falls silent");
            LocalDateTime now = NOON.plusNanos(nowNs);
            simulation.onTime(nowNs, now).forEach(bytes -> out.add(bytes.toArray()));
            List<Action> actions = new ArrayList<>(talk.onTime(nowNs));
            for (; told < out.size(); told++) {
                actions.addAll(talk.onBytes(out.get(told), out.get(told).length, nowNs));
            }
            while (!actions.isEmpty()) {
                for (Action action : actions) {
                    byte[] said = said(action).toArray();
                    simulation.onBytes(said, said.length, nowNs, now).forEach(bytes -> out.add(bytes.toArray()));
                }
                Action last = actions.get(actions.size() - 1);
                boolean waits = last instanceof Action.Keep || last instanceof Action.Settle;
                actions = waits ? new ArrayList<>(talk.onKept(true, nowNs)) : List.of();
            }
        }
        if (isAstm) {
            return transmissions(out).subList(0, messages);
        }
        return out.subList(0, messages);
    }

    /** Of analysers, whose results are a whole conversation, each from its beginning to its end. */
    private static List<byte[]> transmissions(List<byte[]> parts) {
        List<byte[]> whole = new ArrayList<>();
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            one.writeBytes(part);
            if (part[0] == AstmFrames.EOT) {
                whole.add(one.toByteArray());
                one.reset();
            }
        }
        return whole;
    }

    private static Bytes said(Action action) {
        if (action instanceof Action.Deliver deliver) {
            return deliver.ifKept();
        }
        return action instanceof Action.Send send ? send.bytes() : Bytes.NONE;
    }
}
