package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.wasla.gateway.codec.MedibusQuestion;
import org.wasla.gateway.codec.MedibusSpec;
import org.wasla.gateway.codec.MedibusSpec.Ask;
import org.wasla.gateway.simulator.MedibusSimulator;
import org.wasla.gateway.simulator.Simulator;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/** Reads {@code codec: {medibus: ...}} and the values of its simulator. */
final class MedibusReader {
    private static final Pattern CODE = Pattern.compile("[0-9A-F]{2}");
    private static final Pattern MODEL = Pattern.compile("[0-9A-F]{4}");
    private static final int PERIOD_MS_MIN = 100;
    private static final int QUIET_MS = 10_000;
    private static final int HZ = 32;
    private static final int HZ_MAX = 1000;
    private static final long MS = 1_000_000;

    private MedibusReader() {}

    static CodecReader.Codec read(Section medibus, Section profile) {
        List<Ask> asks = asks(medibus);
        List<String> waves = codes(medibus, "waves");
        if (waves.size() > MedibusSpec.WAVES_MAX) {
            medibus.problem("has " + waves.size() + " waves", "keep 4: a device sends no more");
        }
        MedibusSpec spec = new MedibusSpec(
                asks,
                waves.subList(0, Math.min(waves.size(), MedibusSpec.WAVES_MAX)),
                medibus.whole("hz", 1, HZ_MAX, HZ),
                models(medibus),
                technical(medibus.section("technical")),
                Math.max(1, medibus.millis("quiet", QUIET_MS)) * MS);
        medibus.end();
        return new CodecReader.Codec(spec, simulator(profile));
    }

    private static Optional<Simulator> simulator(Section profile) {
        if (!profile.has("simulator")) {
            return Optional.empty();
        }
        Section simulator = profile.section("simulator");
        Map<String, Generator> values = SimulatorReader.values(simulator.section("values"));
        simulator.end();
        return Optional.of(nowNs -> new MedibusSimulator(values, nowNs));
    }

    private static List<Ask> asks(Section medibus) {
        Section ask = medibus.need("ask", "{data: 1s}").section();
        List<Ask> asks = new ArrayList<>();
        for (String key : ask.keys()) {
            Entry every = ask.need(key, "1s");
            Optional<MedibusQuestion> question = question(key);
            if (question.isEmpty()) {
                every.problem("is no question", "write one of " + words());
            }
            long periodMs = every.millis();
            if (periodMs < PERIOD_MS_MIN && question.isPresent()) {
                every.problem("is too often", "write at least 100ms");
            }
            question.ifPresent(known -> asks.add(new Ask(known, Math.max(PERIOD_MS_MIN, periodMs) * MS)));
        }
        return asks;
    }

    private static Optional<MedibusQuestion> question(String word) {
        for (MedibusQuestion question : MedibusQuestion.values()) {
            if (question.word().equals(word)) {
                return Optional.of(question);
            }
        }
        return Optional.empty();
    }

    private static String words() {
        List<String> words = new ArrayList<>();
        for (MedibusQuestion question : MedibusQuestion.values()) {
            words.add(question.word());
        }
        return String.join(", ", words);
    }

    private static List<String> codes(Section section, String key) {
        return section.list(key).stream()
                .map(entry -> entry.text(CODE, "write two upper-case hex digits, such as '0A'"))
                .toList();
    }

    private static Map<String, String> models(Section medibus) {
        Section section = medibus.section("models");
        Map<String, String> models = new HashMap<>();
        for (String id : section.keys()) {
            Entry model = section.need(id, "Evita");
            if (!MODEL.matcher(id).matches()) {
                model.problem("is no device id", "write four hex digits, such as '8240'");
            }
            models.put(id, model.text());
        }
        return models;
    }

    private static Map<String, Set<String>> technical(Section section) {
        Map<String, Set<String>> technical = new HashMap<>();
        for (String list : List.of("cp1", "cp2", "cp3")) {
            technical.put(list, new HashSet<>(codes(section, list)));
        }
        section.end();
        return technical;
    }
}
