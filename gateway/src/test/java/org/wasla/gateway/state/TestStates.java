package org.wasla.gateway.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.TestKeys;
import org.wasla.gateway.trust.Vouch;

/** A root, a technician and an approver with their keys, and the states that they sign, for tests. */
public final class TestStates {
    public static final String PROFILE = """
            wasla: 1
            id: oxi
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: pulse oximeter}
            trust: unverified
            frame: {line: {end: LF}}
            dialogue: {listen: {quiet: 3s}}
            message: {id: row, pattern: 'N=(?<n>\\d+) S=(?<spo2>\\d+)'}
            observe:
              - {field: n, name: count}
              - {field: spo2, name: spo2, ucum: '%'}
            """;
    public final KeyPair root = TestKeys.pair();
    public final KeyPair technician = TestKeys.pair();
    public final KeyPair approver = TestKeys.pair();
    public final long nowS = System.currentTimeMillis() / 1_000;

    /** Writes the list of keys as the root signs it. */
    public Path keys(Path folder) throws IOException {
        String entries = "[" + key("tech-1", technician, "m-1", "\"config\",\"author\",\"command\"") + ","
                + key("appr-1", approver, "m-2", "\"approver\"") + "]";
        String payload = "{\"v\":1,\"rev\":1,\"exp\":" + (nowS + 2 * 366 * 86_400L) + ",\"keys\":" + entries + "}";
        return Files.writeString(
                folder.resolve("keys.jws"),
                Jws.sign("root", Keyring.TYPE, payload.getBytes(StandardCharsets.UTF_8), root.getPrivate()));
    }

    private String key(String id, KeyPair pair, String who, String roles) {
        return TestKeys.entry(id, pair, who, roles)
                .replace("\"nbf\":1000,\"exp\":9000", "\"exp\":" + (nowS + 2 * 366 * 86_400L));
    }

    public String rootText() {
        return Ed25519.text(root.getPublic());
    }

    /** A state under construction. */
    public final class Draft {
        private final long revision;
        private String audience = "group:ward-a";
        private String previous = "";
        private long fromS = nowS - 60;
        private long untilS = nowS + 3_600;
        private final List<String> members = new ArrayList<>();
        private KeyPair signer = technician;

        Draft(long revision) {
            this.revision = revision;
        }

        /** It replaces this one. */
        public Draft after(String signed) {
            previous = "\"" + hash(signed) + "\"";
            return this;
        }

        public Draft previous(String hash) {
            previous = "\"" + hash + "\"";
            return this;
        }

        public Draft audience(String who) {
            audience = who;
            return this;
        }

        public Draft between(long from, long until) {
            fromS = from;
            untilS = until;
            return this;
        }

        public Draft by(KeyPair other) {
            signer = other;
            return this;
        }

        public Draft devices(String yaml) {
            members.add("\"devices\":" + quoted(yaml));
            return this;
        }

        /** @param said what its capture must give: observations, JSON */
        public Draft profile(String yaml, String version, String said, String changes) {
            return profile("oxi", yaml, version, said, changes);
        }

        /** The same of a profile of another name. */
        public Draft profile(String id, String yaml, String version, String said, String changes) {
            String about = "{\"v\":1,\"id\":\"" + id + "\",\"version\":\"" + version + "\",\"sha256\":\""
                    + DesiredReader.sha256(yaml) + "\",\"changes\":[" + changes + "]}";
            String capture = "0 < " + HexFormat.of().formatHex("N=1 S=97\n".getBytes(StandardCharsets.US_ASCII)) + "\n";
            String expected = "{\"v\":1,\"id\":\"decode.00000000." + id
                    + ".obs.1\",\"gw\":\"decode\",\"ep\":\"00000000\",\"dev\":\"" + id
                    + "\",\"k\":\"obs\",\"seq\":1,\"t\":1,\"obs\":[" + said + "]}\n";
            members.add("\"profiles\":[{\"id\":\"" + id + "\",\"version\":\"" + version + "\",\"sha256\":\""
                    + DesiredReader.sha256(yaml) + "\",\"statements\":[\""
                    + TestStates.sign("tech-1", Vouch.AUTHOR, about, technician) + "\",\""
                    + TestStates.sign("appr-1", Vouch.APPROVAL, about, approver) + "\"],\"files\":{\"profile.yaml\":"
                    + quoted(yaml) + ",\"captures/one.cap\":" + quoted(capture)
                    + ",\"captures/one.expected.jsonl\":" + quoted(expected) + "}}]");
            return this;
        }

        public String sign() {
            StringBuilder payload = new StringBuilder("{\"v\":1,\"aud\":[\"" + audience + "\"],\"rev\":" + revision
                    + ",\"prev\":[" + previous + "],\"nbf\":" + fromS + ",\"exp\":" + untilS);
            members.forEach(each -> payload.append(',').append(each));
            return TestStates.sign(
                    "tech-1", ConfigDesk.TYPE, payload.append('}').toString(), signer);
        }
    }

    public Draft state(long revision) {
        return new Draft(revision);
    }

    public static String hash(String signed) {
        try {
            return DesiredReader.sha256(Jws.parse(signed).payload());
        } catch (Jws.Unreadable ours) {
            throw new IllegalArgumentException(ours);
        }
    }

    public static String sign(String id, String type, String payload, KeyPair by) {
        return Jws.sign(id, type, payload.getBytes(StandardCharsets.UTF_8), by.getPrivate());
    }

    public static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
