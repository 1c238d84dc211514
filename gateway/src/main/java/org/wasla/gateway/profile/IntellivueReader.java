package org.wasla.gateway.profile;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.wasla.gateway.codec.IntellivueSpec;
import org.wasla.gateway.simulator.IntellivueSimulator;
import org.wasla.gateway.simulator.Simulator;

/** Reads {@code codec.intellivue}: the talk with Philips monitors. */
final class IntellivueReader {
    private static final Pattern NUMBER = Pattern.compile("0x[0-9A-Fa-f]{1,4}|\\d{1,5}");

    private IntellivueReader() {}

    static CodecReader.Codec read(Section section, Section profile, Codes codes) {
        List<Integer> waves = section.list("waves").stream()
                .map(entry -> entry.whole(1, Integer.MAX_VALUE))
                .toList();
        Map<Integer, String> units = units(section.section("units"), codes);
        section.end();
        return new CodecReader.Codec(new IntellivueSpec(waves, units), simulator(profile));
    }

    /** UCUM units by the device's own codes. */
    private static Map<Integer, String> units(Section section, Codes codes) {
        Map<Integer, String> units = new HashMap<>();
        for (String code : section.keys()) {
            Entry entry = section.need(code, "/min");
            String unit = entry.text();
            if (!NUMBER.matcher(code).matches()) {
                entry.problem("is of no unit code", "write a number, such as 0x0AA0: /min");
            } else if (!codes.hasUnit(unit)) {
                entry.problem("is '" + unit + "', no unit of the table", "write a UCUM unit, such as mm[Hg]");
            } else {
                units.put(number(code), unit);
            }
        }
        return units;
    }

    private static int number(String code) {
        return code.startsWith("0x") ? Integer.parseInt(code.substring(2), 16) : Integer.parseInt(code);
    }

    /** The codec knows by itself what its device says: the block is there, and empty. */
    private static Optional<Simulator> simulator(Section profile) {
        if (!profile.has("simulator")) {
            return Optional.empty();
        }
        profile.section("simulator").end();
        return Optional.of(IntellivueSimulator::new);
    }
}
