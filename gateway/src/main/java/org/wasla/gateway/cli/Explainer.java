package org.wasla.gateway.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.Framer;
import org.wasla.gateway.frame.Piece;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.MessageSpec.Outcome;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.profile.Capture;
import org.wasla.gateway.profile.Profile;

/**
 * Tells of a capture, frame by frame, which rule of a profile took which bytes and what became of them: what a profile is
 * written by. For profiles with a grammar. One thread.
 */
final class Explainer {
    private static final long MS = 1_000_000;
    private static final int SHOWN_BYTES = 48;
    private final ExchangeSpec spec;
    private final Framer framer;
    private final Mapper mapper;
    private final PrintStream out;
    private byte[] held = new byte[0];
    private int heldFrom;
    private long offset;
    private long timeMs;

    private Explainer(Profile profile, ExchangeSpec spec, PrintStream out) {
        this.spec = spec;
        this.framer = new Framer(spec.frame());
        this.mapper = new Mapper(profile.mapping());
        this.out = out;
    }

    static void explain(Profile profile, ExchangeSpec spec, Path capture, PrintStream out) throws IOException {
        Explainer explainer = new Explainer(profile, spec, out);
        Capture.read(capture, explainer::chunk);
        explainer.framer.flush().forEach(explainer::piece);
    }

    private void chunk(long atMs, boolean fromDevice, byte[] bytes) {
        if (!fromDevice) {
            out.println(atMs + " ms, to the device: " + hex(bytes));
            return;
        }
        if (framer.holdsBytes() && (atMs - timeMs) * MS >= spec.gapNs()) {
            framer.flush().forEach(this::piece);
        }
        timeMs = atMs;
        hold(bytes);
        framer.put(bytes, bytes.length).forEach(this::piece);
    }

    /** The framer holds back what is no whole frame yet: so are its bytes here. */
    private void hold(byte[] bytes) {
        byte[] rest = Arrays.copyOfRange(held, heldFrom, held.length + bytes.length);
        System.arraycopy(bytes, 0, rest, held.length - heldFrom, bytes.length);
        held = rest;
        heldFrom = 0;
    }

    private void piece(Piece piece) {
        int size = piece instanceof Piece.Frame frame ? frame.size() : ((Piece.Noise) piece).size();
        int to = Math.min(held.length, heldFrom + size);
        byte[] bytes = Bytes.of(held, heldFrom, to).toArray();
        heldFrom = to;
        String where = timeMs + " ms, byte " + offset + "+" + size + ": ";
        offset += size;
        if (piece instanceof Piece.Noise noise) {
            boolean isFiller = noise.fault() == Piece.Fault.GARBAGE && noise.count() == 0;
            out.println(where + (isFiller ? "passed over" : noise.fault().counter() + "; " + Hints.of(noise.fault())));
            out.println("    " + hex(bytes));
        } else {
            frame(where, bytes, ((Piece.Frame) piece).body());
        }
    }

    private void frame(String where, byte[] bytes, Bytes body) {
        String rule = where + Hints.rule(spec.frame());
        for (MessageSpec message : spec.messages()) {
            Outcome outcome = message.parse(body);
            if (outcome instanceof Outcome.Parsed parsed) {
                out.println(rule + "; message '" + message.id() + "'"
                        + (message.skip() == null ? "" : ", skipped: " + message.skip()));
                out.println("    " + hex(bytes));
                parsed.messages().forEach(each -> fields(message, body, each));
                return;
            }
            if (outcome instanceof Outcome.Damaged damaged) {
                out.println(rule + "; message '" + message.id() + "' is no good: "
                        + damaged.fault().counter() + ", a count, a required field or a field's form is wrong");
                out.println("    " + hex(bytes));
                return;
            }
        }
        out.println(rule + "; format: " + Hints.nearest(spec.messages(), body));
        out.println("    " + hex(bytes));
    }

    private void fields(MessageSpec spec, Bytes body, Message message) {
        Places places = Places.of(spec, body, message);
        Message published = spec.published(message);
        if (published.part() != null) {
            out.println("    of '" + published.part() + "':");
        }
        Mapped mapped = mapper.map(published);
        for (Message.Field field : message.fields()) {
            String became = mapped.refused() == null
                    ? Explanation.of(field, mapped)
                    : field.name() + " '" + (field instanceof Message.Item item ? item.text() : "") + "'";
            out.printf(Locale.ROOT, "    %8s  %s%n", places.of(field.name()), became);
        }
        Explanation.alarms(mapped).forEach(alarm -> out.println("    " + alarm));
        String others = places.others();
        if (others != null && spec.pattern() == null) {
            out.printf(Locale.ROOT, "    %8s  in no field%n", others);
        }
        if (mapped.refused() != null) {
            out.println("    refused, and nothing of it published: the field '" + mapped.refused()
                    + "' is not as its number, text or range says");
        }
    }

    /** Shortened in the middle. */
    private static String hex(byte[] bytes) {
        HexFormat hex = HexFormat.of();
        if (bytes.length <= SHOWN_BYTES) {
            return hex.formatHex(bytes);
        }
        int half = SHOWN_BYTES / 2;
        return hex.formatHex(bytes, 0, half) + " .. " + hex.formatHex(bytes, bytes.length - half, bytes.length);
    }
}
