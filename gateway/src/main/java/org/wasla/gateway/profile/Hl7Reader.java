package org.wasla.gateway.profile;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.Hl7Spec;
import org.wasla.gateway.codec.Hl7Spec.Content;
import org.wasla.gateway.codec.Hl7Spec.Part;
import org.wasla.gateway.hl7.Hl7Answers;
import org.wasla.gateway.hl7.MllpFrames;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.simulator.Hl7Simulator;
import org.wasla.gateway.simulator.Simulator;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/** Reads {@code codec: {hl7: ...}} and the messages of its simulator. */
final class Hl7Reader {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9-]+)}");
    private static final int BYTES_MIN = 1024;
    private static final int GAP_MS = 10_000;
    private static final int DEADLINE_MS = 60_000;
    private static final int QUIET_MS = 60_000;
    private static final int EVERY_MS = 5_000;
    private static final long MS = 1_000_000;

    private Hl7Reader() {}

    static CodecReader.Codec read(Section hl7, Section profile, Codes codes) {
        Hl7Spec spec = new Hl7Spec(
                hl7.has("answer") ? hl7.need("answer", "auto").choice(Hl7Answers.Mode.class) : Hl7Answers.Mode.AUTO,
                hl7.has("content") ? hl7.need("content", "auto").choice(Content.class) : Content.AUTO,
                hl7.has("part") ? hl7.need("part", "none").choice(Part.class) : Part.NONE,
                charset(hl7),
                units(hl7.section("units"), codes),
                hl7.whole("max", BYTES_MIN, MllpFrames.BYTES_MAX, MllpFrames.BYTES_MAX),
                hl7.flag("bare", true),
                Math.max(1, hl7.millis("gap", GAP_MS)) * MS,
                Math.max(1, hl7.millis("deadline", DEADLINE_MS)) * MS,
                Math.max(1, hl7.millis("quiet", QUIET_MS)) * MS,
                hl7.flag("typed", false),
                hl7.flag("orders", false),
                OrderDesk.NONE,
                false);
        hl7.end();
        return new CodecReader.Codec(spec, simulator(profile));
    }

    private static @Nullable Charset charset(Section hl7) {
        if (!hl7.has("charset")) {
            return null;
        }
        Entry entry = hl7.need("charset", "windows-1256");
        try {
            if (Charset.isSupported(entry.text())) {
                return Charset.forName(entry.text());
            }
        } catch (IllegalCharsetNameException noName) {
            // told below
        }
        entry.problem("is no character set", "write one such as UTF-8, ISO-8859-1 or windows-1256");
        return null;
    }

    /** UCUM units by the device's spelling, those of the table and those of the profile. */
    private static Map<String, String> units(Section section, Codes codes) {
        Map<String, String> units = codes.spellings();
        for (String spelling : section.keys()) {
            Entry entry = section.need(spelling, "/min");
            String unit = entry.text();
            if (!codes.hasUnit(unit)) {
                entry.problem("is '" + unit + "', no unit of the table", "write a UCUM unit, such as mm[Hg]");
            }
            units.put(spelling, unit);
        }
        return units;
    }

    private static Optional<Simulator> simulator(Section profile) {
        if (!profile.has("simulator")) {
            return Optional.empty();
        }
        Section simulator = profile.section("simulator");
        Map<String, Generator> values = SimulatorReader.values(simulator.section("values"));
        long everyNs = Math.max(1, simulator.millis("every", EVERY_MS)) * MS;
        List<String> messages = new ArrayList<>();
        for (Entry entry : simulator.list("send")) {
            tellUnknown(entry, values);
            messages.add(entry.text());
        }
        if (messages.isEmpty()) {
            simulator.problem("sends nothing", "write send: a message, a segment a line");
        }
        simulator.end();
        return Optional.of(nowNs -> new Hl7Simulator(messages, values, everyNs, nowNs));
    }

    private static void tellUnknown(Entry entry, Map<String, Generator> values) {
        Matcher matcher = NAME.matcher(entry.text());
        while (matcher.find()) {
            String name = matcher.group(1);
            if (!values.containsKey(name) && !Hl7Simulator.OWN.contains(name)) {
                entry.problem("names {" + name + "}, which nothing stands for", "write a name of simulator.values");
            }
        }
    }
}
