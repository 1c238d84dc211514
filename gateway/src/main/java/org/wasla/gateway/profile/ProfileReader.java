package org.wasla.gateway.profile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Flow;
import org.wasla.gateway.frame.DatagramFrame;
import org.wasla.gateway.frame.FrameSpec;
import org.wasla.gateway.frame.Guard;
import org.wasla.gateway.message.Dialogue;
import org.wasla.gateway.message.ExchangeSpec;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.TalkSpec;
import org.wasla.gateway.observation.Mapping;
import org.wasla.gateway.simulator.Simulation;
import org.wasla.gateway.simulator.Simulator;
import org.wasla.gateway.simulator.SimulatorSpec;

/** Reads {@code profile.yaml} files: the whole file, and all of its mistakes at once. Thread-safe. */
public final class ProfileReader {
    /** The name of the file in a profile's folder. */
    public static final String FILE = "profile.yaml";

    private static final String WIRING = "wiring";
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+(-[a-z0-9.]+)?");
    private static final Pattern LINE = Pattern.compile("\\d{3,7} [5-8][NEO][12]");
    /** Stands in for a talk that could not be read: its profile is refused. */
    private static final TalkSpec NOTHING =
            new ExchangeSpec(new DatagramFrame(16, Guard.NONE), List.of(), 1, 1, Dialogue.NONE);

    private final Codes codes;

    public ProfileReader(Codes codes) {
        this.codes = codes;
    }

    /** @return the profile; what it holds is of use only when no problem was added */
    public Profile read(Path folder, Problems problems) {
        Path file = folder.resolve(FILE);
        byte[] content = content(file, problems);
        Section profile = content.length == 0
                ? Section.parse(file.toString(), "wasla: 1", new Problems())
                : Section.parse(file.toString(), text(file, content, problems), problems);
        return profile(profile, folder, content);
    }

    private static byte[] content(Path file, Problems problems) {
        try {
            byte[] content = Files.readAllBytes(file);
            if (content.length == 0) {
                problems.add(file.toString(), 0, "the file is empty", "write a profile, starting with 'wasla: 1'");
            }
            return content;
        } catch (IOException unreadable) {
            problems.add(file.toString(), 0, "cannot be read", "check that the folder holds a profile.yaml");
            return new byte[0];
        }
    }

    private static String text(Path file, byte[] content, Problems problems) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            problems.add(file.toString(), 0, "the file is not UTF-8", "save it as UTF-8");
            return "wasla: 1";
        }
    }

    private Profile profile(Section profile, Path folder, byte[] content) {
        profile.need("wasla", "1").whole(1, 1);
        String id =
                profile.need("id", "masimo-ascii1").text(MappingReader.NAME, "write small letters, digits and dashes");
        String version = profile.need("version", "1.0.0").text(VERSION, "write three numbers, such as 1.0.0");
        Section link = profile.section("link");
        Section serial = link.section("serial");
        List<String> tries = serial.list("try").stream()
                .map(entry -> entry.text(LINE, "write speed and format, such as '9600 8N1'"))
                .toList();
        Flow flow = serial.has("flow") ? serial.need("flow", "none").choice(Flow.class) : Flow.NONE;
        serial.end();
        int tcpPort = link.whole("tcp", 1, 65_535, 0);
        link.end();
        Spoken spoken = profile.has("codec") ? byCodec(profile) : byGrammar(profile);
        Mapping mapping = new MappingReader(spoken.messages(), codes).read(profile);
        Profile read = new Profile(
                id,
                version,
                device(profile.need("device", "{makers: [Masimo], models: [Rad-8], kind: pulse oximeter}")
                        .section()),
                trust(profile),
                profile.texts("sources"),
                tries,
                flow,
                tcpPort,
                spoken.talk(),
                mapping,
                spoken.simulator(),
                FingerprintReader.read(profile, spoken.messages()),
                ActReader.read(profile, mapping),
                installation(profile.section("installation")),
                wiring(profile.section("installation")),
                hash(content),
                folder);
        profile.end();
        return read;
    }

    /** @param messages what the grammar can hold; none for a codec, whose fields are not known beforehand */
    private record Spoken(
            TalkSpec talk,
            List<MessageSpec> messages,
            @Nullable Simulator simulator) {}

    private Spoken byCodec(Section profile) {
        CodecReader.Codec codec = CodecReader.read(profile, codes).orElse(null);
        return codec == null
                ? new Spoken(NOTHING, List.of(), null)
                : new Spoken(codec.talk(), List.of(), codec.simulator().orElse(null));
    }

    private static Spoken byGrammar(Section profile) {
        int told = profile.told();
        FrameSpec frame =
                FrameReader.read(profile.need("frame", "{line: {end: CRLF}}").section());
        boolean framed = profile.told() == told;
        List<MessageSpec> messages = MessageReader.read(profile, framed ? frame.maxBytes() : 0);
        ExchangeSpec exchange =
                DialogueReader.read(profile, frame, messages).withRuns(RunReader.read(profile, messages));
        Simulator simulator = null;
        if (profile.has("simulator")) {
            SimulatorSpec spec = SimulatorReader.read(profile.section("simulator"), messages, framed ? frame : null);
            simulator = nowNs -> new Simulation(spec, exchange, nowNs);
        }
        return new Spoken(exchange, messages, simulator);
    }

    private static Profile.Device device(Section device) {
        List<String> makers = device.texts("makers");
        List<String> models = device.texts("models");
        String kind = device.need("kind", "pulse oximeter").text();
        device.end();
        return new Profile.Device(makers, models, kind);
    }

    private static Profile.Trust trust(Section profile) {
        return profile.has("trust")
                ? profile.need("trust", "unverified").choice(Profile.Trust.class)
                : Profile.Trust.UNVERIFIED;
    }

    private static Map<String, String> installation(Section section) {
        Map<String, String> notes = new HashMap<>();
        section.keys().stream()
                .filter(key -> !key.equals(WIRING))
                .forEach(key -> notes.put(key, section.text(key, "")));
        return notes;
    }

    private static List<Profile.Wiring> wiring(Section section) {
        return section.list(WIRING).stream()
                .map(entry -> entry.choice(Profile.Wiring.class))
                .toList();
    }

    private static String hash(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
