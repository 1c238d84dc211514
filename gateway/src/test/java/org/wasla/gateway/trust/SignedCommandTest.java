package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A box obeys a command only when all of it holds: whose it is, for whom, what, when (design, section 10). */
class SignedCommandTest {
    private static final long NOW_S = 5_000;
    private static final SignedCommand.Box BOX = new SignedCommand.Box("gw-1", List.of("ward-a"));

    private final KeyPair root = TestKeys.pair();
    private final KeyPair technician = TestKeys.pair();
    private final KeyPair author = TestKeys.pair();
    private final KeyPair system = TestKeys.pair();
    private final Keyring keys = keys();

    private Keyring keys() {
        String list = TestKeys.list(
                root,
                1,
                TestKeys.entry("tech-1", technician, "m-1", "\"command\""),
                TestKeys.entry("auth-1", author, "m-2", "\"author\",\"config\",\"approver\""),
                TestKeys.entry("his-1", system, "his", "\"system\""));
        return Keyring.read(list, new Keyring.Roots(List.of(root.getPublic()), 1), new ArrayList<>())
                .orElseThrow();
    }

    private static String claims(String aud, String verb, long iat, long exp) {
        return "{\"v\":1,\"jti\":\"j-1\",\"aud\":\"" + aud + "\",\"verb\":\"" + verb + "\",\"iat\":" + iat + ",\"exp\":"
                + exp + "}";
    }

    private static String sign(String id, KeyPair by, String payload) {
        return Jws.sign(id, SignedCommand.TYPE, payload.getBytes(StandardCharsets.UTF_8), by.getPrivate());
    }

    private SignedCommand check(String verb, String text) {
        return SignedCommand.check(verb, text, keys, BOX, NOW_S);
    }

    private String good() {
        return sign("tech-1", technician, claims("gw-1", "restart", NOW_S - 10, NOW_S + 290));
    }

    private static void assertRefused(SignedCommand command, String part) {
        assertTrue(
                command.problems().toString().contains(part), command.problems().toString());
    }

    @Test
    void aWholeCommandIsTakenForTheBoxAndForItsGroup() {
        SignedCommand command = check("restart", good());
        assertEquals(List.of(), command.problems());
        assertEquals("j-1", command.jti());
        assertEquals("tech-1", command.keyId());
        String group = sign("tech-1", technician, claims("group:ward-a", "logs", NOW_S, NOW_S + 300));
        assertEquals(List.of(), check("logs", group).problems());
    }

    @Test
    void plainJsonIsRefused() {
        assertRefused(check("restart", "{\"v\":1,\"jti\":\"j-1\"}"), "this box takes signed commands only");
    }

    @Test
    void aWrongKeyIsRefused() {
        KeyPair nobody = TestKeys.pair();
        String payload = claims("gw-1", "restart", NOW_S, NOW_S + 300);
        assertRefused(check("restart", sign("tech-1", nobody, payload)), "the signature is not that of key 'tech-1'");
        assertRefused(check("restart", sign("nobody", nobody, payload)), "is not in the list of keys");
        assertRefused(check("restart", sign("auth-1", author, payload)), "may not sign as command now");
    }

    // A state's or a statement's signature must not do for a command.
    @Test
    void anotherTypeIsRefused() {
        byte[] payload = claims("gw-1", "restart", NOW_S, NOW_S + 300).getBytes(StandardCharsets.UTF_8);
        String text = Jws.sign("tech-1", "wasla-desired+jws", payload, technician.getPrivate());
        assertRefused(check("restart", text), "typ is not wasla-command+jws");
    }

    @Test
    void noFlippedBitPasses() {
        String good = good();
        for (int at = 0; at < good.length(); at++) {
            int bit = at % 7;
            char[] text = good.toCharArray();
            text[at] ^= (char) (1 << bit);
            assertFalse(check("restart", new String(text)).problems().isEmpty(), "bit " + bit + " of character " + at);
        }
    }

    @Test
    void anotherAudienceIsRefused() {
        String other = sign("tech-1", technician, claims("gw-2", "restart", NOW_S, NOW_S + 300));
        assertRefused(check("restart", other), "aud names neither this box nor a group of it");
        String group = sign("tech-1", technician, claims("group:ward-b", "restart", NOW_S, NOW_S + 300));
        assertRefused(check("restart", group), "aud names neither this box nor a group of it");
        // The name of a gateway is not that of a group.
        String named = sign("tech-1", technician, claims("ward-a", "restart", NOW_S, NOW_S + 300));
        assertRefused(check("restart", named), "aud names neither this box nor a group of it");
    }

    @Test
    void aCommandCountsOnlyOnItsVerbsTopic() {
        assertRefused(check("capture", good()), "verb is 'restart', and it came on cmd/capture");
    }

    @Test
    void itCountsFromItsSigningOnForFiveMinutes() {
        String old = sign("tech-1", technician, claims("gw-1", "restart", NOW_S - 300, NOW_S));
        assertRefused(check("restart", old), "it has expired 0 s ago");
        String last = sign("tech-1", technician, claims("gw-1", "restart", NOW_S - 299, NOW_S + 1));
        assertEquals(List.of(), check("restart", last).problems());
        String early = sign("tech-1", technician, claims("gw-1", "restart", NOW_S + 61, NOW_S + 200));
        assertRefused(check("restart", early), "it is from 61 s in the future");
        String soon = sign("tech-1", technician, claims("gw-1", "restart", NOW_S + 60, NOW_S + 200));
        assertEquals(List.of(), check("restart", soon).problems());
        String longer = sign("tech-1", technician, claims("gw-1", "restart", NOW_S, NOW_S + 301));
        assertRefused(check("restart", longer), "exp is not within 300 s after iat");
        String never = sign("tech-1", technician, "{\"jti\":\"j\",\"aud\":\"gw-1\",\"verb\":\"restart\"}");
        assertRefused(check("restart", never), "iat is missing");
    }

    // A registry's key answers questions, and does not see what devices say.
    @Test
    void aSystemsKeyOrdersNothingOfTheBox() {
        String lookup = sign("his-1", system, claims("gw-1", "lookup", NOW_S, NOW_S + 300));
        assertEquals(List.of(), check("lookup", lookup).problems());
        String capture = sign("his-1", system, claims("gw-1", "capture", NOW_S, NOW_S + 300));
        assertRefused(check("capture", capture), "may not sign as command now");
        String byHand = sign("tech-1", technician, claims("gw-1", "lookup", NOW_S, NOW_S + 300));
        assertEquals(List.of(), check("lookup", byHand).problems());
    }

    @Test
    void sayingATwiceIsRefused() {
        String twice =
                "{\"jti\":\"j\",\"aud\":\"gw-2\",\"aud\":\"gw-1\",\"verb\":\"restart\",\"iat\":5000,\"exp\":5300}";
        assertRefused(check("restart", sign("tech-1", technician, twice)), "says something twice");
    }
}
