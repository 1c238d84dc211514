package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyringTest {
    private static final String TYPE = "wasla-desired+jws";
    private final KeyPair root = TestKeys.pair();
    private final KeyPair secondRoot = TestKeys.pair();
    private final KeyPair technician = TestKeys.pair();
    private final String entry = TestKeys.entry("tech-1", technician, "m-1", "\"config\",\"author\"");
    private final List<String> problems = new ArrayList<>();

    private Optional<Keyring> read(String signed, int needed) {
        return Keyring.read(
                signed, new Keyring.Roots(List.of(root.getPublic(), secondRoot.getPublic()), needed), problems);
    }

    private static Jws statement(String keyId, KeyPair by) throws Jws.Unreadable {
        return Jws.parse(Jws.sign(keyId, TYPE, new byte[] {1}, by.getPrivate()));
    }

    @Test
    void whoIsListedMaySignWhatTheRoleSays() throws Exception {
        Keyring keys = read(TestKeys.list(root, 3, entry), 1).orElseThrow();
        assertEquals(3, keys.revision());
        Jws jws = statement("tech-1", technician);
        assertEquals(
                "m-1",
                keys.signer(jws, TYPE, Role.CONFIG, 5_000, problems)
                        .orElseThrow()
                        .who());
        assertEquals(List.of(), problems);
        assertTrue(keys.signer(jws, TYPE, Role.COMMAND, 5_000, problems).isEmpty());
        assertTrue(keys.signer(jws, TYPE, Role.CONFIG, 999, problems).isEmpty());
        assertTrue(keys.signer(jws, TYPE, Role.CONFIG, 8_000, problems).isEmpty());
        assertTrue(keys.signer(jws, "wasla-command+jws", Role.CONFIG, 5_000, problems)
                .isEmpty());
        assertTrue(keys.signer(statement("tech-2", technician), TYPE, Role.CONFIG, 5_000, problems)
                .isEmpty());
        assertTrue(keys.signer(statement("tech-1", root), TYPE, Role.CONFIG, 5_000, problems)
                .isEmpty());
        assertEquals(
                List.of(
                        "key 'tech-1' may not sign as command now",
                        "key 'tech-1' may not sign as config now",
                        "the list of keys has expired; the roots must sign a new one",
                        "typ is not wasla-command+jws",
                        "the key 'tech-2' is not in the list of keys",
                        "the signature is not that of key 'tech-1', or a byte was changed"),
                problems);
    }

    @Test
    void asManyRootsAsAreNeededMustHaveSignedTheSame() {
        String one = TestKeys.list(root, 3, entry);
        assertTrue(read(one + "\n" + TestKeys.list(secondRoot, 3, entry), 2).isPresent());
        assertEquals(List.of(), problems);
        assertTrue(read(one, 2).isEmpty());
        assertTrue(read(one + "\n" + one, 2).isEmpty());
        assertEquals(2, problems.size());
        problems.clear();
        assertTrue(read(one + "\n" + TestKeys.list(secondRoot, 4, entry), 2).isEmpty());
        assertEquals("the roots have not signed the same list", problems.get(0));
        problems.clear();
        assertTrue(read(TestKeys.list(technician, 3, entry), 1).isEmpty());
        assertTrue(problems.get(0).startsWith("0 of the box's roots signed"));
    }

    @Test
    void allMistakesOfAListAreTold() {
        String payload = "{\"v\":2,\"rev\":0,\"exp\":8000,\"keys\":[{\"kid\":\"a b\",\"x\":\"AAAA\",\"who\":\"M\","
                + "\"roles\":[\"boss\"],\"exp\":9000}]}";
        String signed = Jws.sign("root", Keyring.TYPE, payload.getBytes(StandardCharsets.UTF_8), root.getPrivate());
        assertTrue(read(signed, 1).isEmpty());
        assertEquals(7, problems.size(), problems.toString());
    }

    @Test
    void aBoxWithoutRootsBelievesNobody() throws Exception {
        assertTrue(Keyring.none()
                .signer(statement("tech-1", technician), TYPE, Role.CONFIG, 1, problems)
                .isEmpty());
    }
}
