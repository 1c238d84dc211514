package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.codec.PoctSpec;
import org.wasla.gateway.simulator.PoctSimulator;
import org.wasla.gateway.simulator.Simulator;
import org.wasla.gateway.simulator.SimulatorSpec.Generator;

/** Reads {@code codec: {poct1a: ...}} and the messages of its simulator. */
final class PoctReader {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z0-9-]+)}");
    private static final int BYTES_MIN = 1024;
    private static final int GAP_MS = 10_000;
    private static final int QUIET_MS = 86_400_000;
    private static final int EVERY_MS = 10_000;
    private static final long MS = 1_000_000;

    private PoctReader() {}

    static CodecReader.Codec read(Section poct, Section profile) {
        PoctSpec spec = new PoctSpec(
                poct.flag("continuous", true),
                poct.whole("max", BYTES_MIN, PoctSpec.BYTES_MAX, PoctSpec.BYTES_MAX),
                Math.max(1, poct.millis("gap", GAP_MS)) * MS,
                Math.max(1, poct.millis("quiet", QUIET_MS)) * MS,
                false);
        poct.end();
        return new CodecReader.Codec(spec, simulator(profile));
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
            Matcher matcher = NAME.matcher(entry.text());
            while (matcher.find()) {
                String name = matcher.group(1);
                if (!values.containsKey(name) && !PoctSimulator.OWN.contains(name)) {
                    entry.problem("names {" + name + "}, which nothing stands for", "write a name of simulator.values");
                }
            }
            messages.add(entry.text());
        }
        if (messages.size() < 2) {
            simulator.problem("says too little", "write send: the hello (HEL.R01), then results (OBS.R01, OBS.R02)");
        }
        simulator.end();
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(nowNs -> new PoctSimulator(messages, values, everyNs, nowNs));
    }
}
