package org.wasla.gateway.profile;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.AstmDialect;
import org.wasla.gateway.codec.AstmDialect.Part;
import org.wasla.gateway.codec.AstmEnvelopeSpec;
import org.wasla.gateway.codec.AstmSpec;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.simulator.AstmSimulator;
import org.wasla.gateway.simulator.EnvelopeSimulator;
import org.wasla.gateway.simulator.Simulator;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/** Reads {@code codec: {astm: ...}} and the records of its simulator. */
final class AstmReader {
    private static final long MS = 1_000_000;
    private static final int COMPONENT_MAX = 30;
    private static final int FIELD_MAX = 60;
    private static final int TEXT_MIN = 80;
    private static final int TEXT_MAX = 63_993;
    private static final int QUIET_MS = 86_400_000;
    private static final int EVERY_MS = 20_000;
    private static final String HEADER = "H|\\^&|||wasla|||||||P|1";

    private AstmReader() {}

    static CodecReader.Codec read(Section astm, Section profile) {
        AstmDialect usual = AstmDialect.STANDARD;
        List<Integer> test = wholes(astm, "test", COMPONENT_MAX);
        AstmDialect dialect = new AstmDialect(
                charset(astm),
                test.isEmpty() ? usual.test() : test,
                wholes(astm, "under", COMPONENT_MAX),
                astm.whole("alias", 1, COMPONENT_MAX, 0),
                astm.whole("title", 1, COMPONENT_MAX, 0),
                fields(astm.section("fields")));
        if (isEnvelope(astm)) {
            return envelope(astm, dialect, profile);
        }
        AstmSpec spec = new AstmSpec(
                dialect,
                astm.flag("terminator", true),
                answer(astm),
                OrderDesk.NONE,
                Math.max(1, astm.millis("quiet", QUIET_MS)) * MS,
                false);
        astm.end();
        return new CodecReader.Codec(spec, simulator(profile, false));
    }

    private static boolean isEnvelope(Section astm) {
        String link = astm.text("link", "frames");
        if (!link.equals("frames") && !link.equals("envelope")) {
            astm.need("link", "frames").problem("is '" + link + "'", "write frames or envelope");
        }
        return link.equals("envelope");
    }

    /** Records between SOH and EOT: there is nothing to say of frames and of answers. */
    private static CodecReader.Codec envelope(Section astm, AstmDialect dialect, Section profile) {
        long quietNs = Math.max(1, astm.millis("quiet", QUIET_MS)) * MS;
        astm.end();
        return new CodecReader.Codec(new AstmEnvelopeSpec(dialect, quietNs, false), simulator(profile, true));
    }

    private static List<Integer> wholes(Section section, String key, int most) {
        return section.list(key).stream().map(entry -> entry.whole(1, most)).toList();
    }

    private static Map<Part, List<Integer>> fields(Section section) {
        Map<Part, List<Integer>> fields = new HashMap<>();
        for (Part part : Part.values()) {
            String key = part.name().toLowerCase(Locale.ROOT);
            if (section.has(key)) {
                fields.put(part, wholes(section, key, FIELD_MAX));
            }
        }
        section.end();
        return fields;
    }

    private static @Nullable Charset charset(Section astm) {
        String name = astm.text("charset", "");
        return switch (name) {
            case "" -> null;
            case "utf-8" -> StandardCharsets.UTF_8;
            case "latin-1" -> StandardCharsets.ISO_8859_1;
            default -> {
                astm.need("charset", "latin-1").problem("is '" + name + "'", "write utf-8 or latin-1");
                yield null;
            }
        };
    }

    /** How the analyser is told what is ordered. */
    private static AstmSpec.Answer answer(Section astm) {
        Section orders = astm.section("orders");
        String none = orders.text("none", "terminator");
        if (!none.equals("terminator") && !none.equals("order")) {
            orders.need("none", "terminator").problem("is '" + none + "'", "write terminator or order");
        }
        String action = orders.text("action", "A");
        if (!action.matches("[CANPLXQ]")) {
            orders.need("action", "A").problem("is '" + action + "'", "write a code of O-12: A or N");
        }
        int number = orders.has("patient") ? orders.whole("patient", 3, 5, 3) : 3;
        AstmSpec.Answer answer = new AstmSpec.Answer(
                header(astm, "answer", HEADER),
                packing(astm),
                orders.has("specimen") ? orders.whole("specimen", 1, COMPONENT_MAX, 1) : 0,
                number,
                action,
                none.equals("order"),
                header(orders, "download", ""));
        orders.end();
        return answer;
    }

    private static String header(Section section, String key, String otherwise) {
        String header = section.text(key, otherwise);
        if (section.has(key) && !header.matches("H[ -~]{4,200}")) {
            section.need(key, "").problem("is no header record", "write one such as '" + HEADER + "'");
        }
        return header;
    }

    /** Each record in a frame of its own, or as many characters as a frame may have. */
    private static int packing(Section astm) {
        if (astm.text("packing", "record").equals("record")) {
            return 0;
        }
        return astm.whole("packing", TEXT_MIN, TEXT_MAX, TEXT_MIN);
    }

    private static Optional<Simulator> simulator(Section profile, boolean isEnvelope) {
        if (!profile.has("simulator")) {
            return Optional.empty();
        }
        Section simulator = profile.section("simulator");
        List<String> records = simulator.texts("records");
        if (records.isEmpty()) {
            simulator.problem("has no records", "write records: ['H|\\^&', ..., 'L|1|N']");
        }
        Map<String, Generator> values = SimulatorReader.values(simulator.section("values"));
        int frame = simulator.has("frame") ? simulator.whole("frame", 1, TEXT_MAX, 240) : 0;
        long everyNs = Math.max(1, simulator.millis("every", EVERY_MS)) * MS;
        simulator.end();
        if (isEnvelope) {
            return Optional.of(nowNs -> new EnvelopeSimulator(records, values, everyNs, nowNs));
        }
        return Optional.of(nowNs -> new AstmSimulator(records, values, frame, everyNs, nowNs));
    }
}
