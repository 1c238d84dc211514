package org.wasla.gateway.profile;

import java.util.Optional;
import org.wasla.gateway.message.TalkSpec;
import org.wasla.gateway.simulator.Simulator;

/** Reads the {@code codec} block: a protocol that no grammar can say, by its name, with its settings. */
final class CodecReader {
    private CodecReader() {}

    /** @param simulator the codec's own simulated device; none when the profile has no simulator block */
    record Codec(TalkSpec talk, Optional<Simulator> simulator) {}

    /** Empty when the block could not be read; the problem was told. */
    static Optional<Codec> read(Section profile, Codes codes) {
        Section codec = profile.section("codec");
        Optional<Codec> read = Optional.empty();
        if (codec.has("medibus")) {
            read = Optional.of(MedibusReader.read(codec.section("medibus"), profile));
        } else if (codec.has("intellivue")) {
            read = Optional.of(IntellivueReader.read(codec.section("intellivue"), profile, codes));
        } else if (codec.has("astm")) {
            read = Optional.of(AstmReader.read(codec.section("astm"), profile));
        } else if (codec.has("hl7")) {
            read = Optional.of(Hl7Reader.read(codec.section("hl7"), profile, codes));
        } else if (codec.has("poct1a")) {
            read = Optional.of(PoctReader.read(codec.section("poct1a"), profile));
        } else {
            codec.problem("names no codec", "write codec: {NAME: {...}} with astm, hl7, intellivue, medibus or poct1a");
        }
        codec.end();
        return read;
    }
}
