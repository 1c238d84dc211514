package org.wasla.gateway.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.Role;
import org.wasla.gateway.trust.TestKeys;

/** States as somebody else would send them, or as a line spoils them: each is refused with a reason, and nothing is written. */
class BadStateTest {
    private static final String ONE = "- {id: oxi-a, profile: oxi, link: \"tcp:127.0.0.1:1\"}\n";

    @TempDir
    Path folder;

    private final TestStates states = new TestStates();

    /** From the text to the signer, as the desk goes. */
    private static boolean passes(Keyring keys, String text, long nowS) {
        List<String> problems = new ArrayList<>();
        try {
            Optional<Keyring.Key> signer = keys.signer(Jws.parse(text), ConfigDesk.TYPE, Role.CONFIG, nowS, problems);
            assertTrue(signer.isPresent() || !problems.isEmpty());
            return signer.isPresent();
        } catch (Jws.Unreadable refused) {
            return false;
        }
    }

    @Test
    void noFlippedBitPassesAtAnyPlace() throws Exception {
        List<String> problems = new ArrayList<>();
        Keyring keys = Keyring.read(
                        Files.readString(states.keys(folder)),
                        new Keyring.Roots(List.of(states.root.getPublic()), 1),
                        problems)
                .orElseThrow();
        String state = states.state(1).devices(ONE).sign();
        assertTrue(passes(keys, state, states.nowS));
        int flips = 0;
        for (int at = 0; at < state.length(); at++) {
            // All eight bits near the ends, one in between: the signature covers each alike.
            boolean isEnd = at < 20 || at > state.length() - 20;
            for (int bit = isEnd ? 0 : at % 7; bit < 8; bit += isEnd ? 1 : 8) {
                char other = (char) (state.charAt(at) ^ 1 << bit);
                String spoilt = state.substring(0, at) + other + state.substring(at + 1);
                assertTrue(!passes(keys, spoilt, states.nowS), "bit " + bit + " at " + at);
                flips++;
            }
        }
        assertTrue(flips > 500, flips + " flips");
        for (int length = 0; length < state.length(); length++) {
            assertTrue(!passes(keys, state.substring(0, length), states.nowS), "cut at " + length);
        }
    }

    @Test
    void whatIsNotForThisBoxNowIsRefusedAndLeavesNothing() throws Exception {
        try (DeskBox box = new DeskBox(folder, folder.resolve("buffer"), states, ONE, 50)) {
            String good = states.state(5).devices(ONE).sign();
            assertTrue(box.give(states.state(1).by(TestKeys.pair()).devices(ONE).sign())
                    .contains("the signature is not that of key 'tech-1', or a byte was changed"));
            assertTrue(box.give(states.state(1).audience("gw-2").devices(ONE).sign())
                    .contains("it is meant for others"));
            assertTrue(box.give(states.state(1)
                            .audience("group:ward-b")
                            .devices(ONE)
                            .sign())
                    .contains("it is meant for others"));
            assertTrue(box.give(states.state(1)
                            .between(states.nowS - 100, states.nowS - 1)
                            .devices(ONE)
                            .sign())
                    .contains("it is not valid now"));
            assertTrue(box.give("no state").contains("no compact JWS"));
            assertTrue(box.give("a".repeat(2_000_000)).contains("no compact JWS"), "too long to be looked at");
            String huge = states.state(1)
                    .devices("#" + "x".repeat(DesiredReader.BYTES_MAX))
                    .sign();
            assertTrue(box.give(huge).contains("bytes; write at most 1048576"));
            assertTrue(box.give(states.state(1)
                            .profile("a: &a [*a]\n", "1.0.0", "", "")
                            .sign())
                    .contains("it holds itself"));
            try (Stream<Path> left = Files.walk(folder.resolve("buffer/trust/states"))) {
                assertEquals(1, left.count(), "only the folder itself");
            }
            assertTrue(box.give(good).contains("\"s\":\"applied\""), "the box goes on");
            assertTrue(box.give(states.state(5).devices("[]").sign()).contains("the box has had 5"));
        }
    }

    @Test
    void noFileLeadsOutOfAProfilesFolder() {
        for (String name : List.of(
                "../profile.yaml",
                "captures/../../x.cap",
                "/etc/passwd",
                "captures/x.cap/",
                "captures\\\\x.cap",
                "C:\\\\x.cap",
                "captures/con.cap:stream",
                "captures/.cap",
                "captures/x\\u0000.cap",
                "captures/x.cap\\n",
                "PROFILE.YAML",
                "captures/\\u2024\\u2024/x.cap",
                "captures//x.cap",
                "./profile.yaml")) {
            List<String> problems = new ArrayList<>();
            String files = "{\"profile.yaml\":\"a\",\"" + name + "\":\"x\"}";
            Optional<Desired> read = DesiredReader.read(payload("oxi", files), problems);
            assertTrue(read.isEmpty(), name);
            assertTrue(problems.toString().contains("files has '"), name + " " + problems);
        }
        // Half of a state that is passed over would be another state.
        for (String member : List.of("\"devices\":[]", "\"devices\":null", "\"keys\":{}", "\"keys\":[\"x\"]")) {
            List<String> problems = new ArrayList<>();
            String text = "{\"v\":1,\"aud\":[\"gw-1\"],\"rev\":1,\"prev\":[],\"nbf\":1,\"exp\":2," + member + "}";
            assertTrue(
                    DesiredReader.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), problems)
                            .isEmpty(),
                    member);
            assertTrue(problems.toString().contains("is no text; write one"), problems.toString());
        }
        for (String id : List.of("../x", "/x", "a/b", "..", ".", "", "a\\u0000", "A", "a.b")) {
            List<String> problems = new ArrayList<>();
            assertTrue(
                    DesiredReader.read(payload(id, "{\"profile.yaml\":\"a\"}"), problems)
                            .isEmpty(),
                    id);
        }
        List<String> problems = new ArrayList<>();
        assertTrue(
                DesiredReader.read(payload("oxi", "{\"profile.yaml\":\"a\",\"captures/x.cap\":\"\"}"), problems)
                        .isPresent(),
                problems.toString());
    }

    private static byte[] payload(String id, String files) {
        return ("{\"v\":1,\"aud\":[\"gw-1\"],\"rev\":1,\"prev\":[],\"nbf\":1,\"exp\":2,\"profiles\":[{\"id\":\"" + id
                        + "\",\"version\":\"1.0.0\",\"sha256\":\"" + DesiredReader.sha256("a")
                        + "\",\"statements\":[],\"files\":" + files + "}]}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
