package org.wasla.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.page.Access.Caller;

/** Who may change what a device at a bed is read as: strangers never, and nobody by trying PINs. */
class AccessTest {
    private static final long S = 1_000_000_000L;
    /** A test need not be slow to guess. */
    private static final int ROUNDS = 1_000;

    @TempDir
    Path folder;

    private static PageSettings on(String host) {
        return new PageSettings(host, 8080, null, null, List.of(), List.of());
    }

    private Pins pins() throws IOException {
        Path file = folder.resolve("pins");
        Pins.write(file, Role.VIEWER, "111111".toCharArray(), ROUNDS);
        Pins.write(file, Role.INSTALLER, "222222".toCharArray(), ROUNDS);
        return Pins.read(file);
    }

    @Test
    void onlyTheHashOfAPinIsKeptAndOnlyForTheOwner() throws IOException {
        Pins pins = pins();
        Path file = folder.resolve("pins");
        String text = Files.readString(file);
        assertTrue(text.startsWith("viewer pbkdf2-sha256 1000 "), text);
        assertFalse(text.contains("111111") || text.contains("222222"), text);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(Role.VIEWER, pins.role("111111".toCharArray()));
        assertEquals(Role.INSTALLER, pins.role("222222".toCharArray()));
        assertEquals(Role.NOBODY, pins.role("333333".toCharArray()));
        Pins.write(file, Role.INSTALLER, "333333".toCharArray(), ROUNDS);
        assertEquals(Role.NOBODY, Pins.read(file).role("222222".toCharArray()), "replaced");
        assertFalse(pins.toString().contains("pbkdf2"), "a hash is no text for a log");
    }

    @Test
    void aFileOfPinsThatIsNoneIsRefused() throws IOException {
        for (String wrong : List.of("", "installer 1234\n", "nobody pbkdf2-sha256 1 AAAA AAAA\n", "x\ny\n")) {
            Path file = Files.writeString(folder.resolve("wrong"), wrong);
            assertThrows(IOException.class, () -> Pins.read(file), wrong);
        }
    }

    @Test
    void changesNeedThePinWhereThereIsOneAndOthersSeeNothing() throws IOException {
        assertEquals(
                Role.INSTALLER,
                new Access(on("127.0.0.1"), null).caller(null, 0, true).role());
        assertEquals(
                Role.VIEWER, new Access(on("::1"), pins()).caller(null, 0, true).role());
        Access open = new Access(on("0.0.0.0"), pins());
        assertEquals(Role.NOBODY, open.caller(null, 0, true).role());
        assertEquals(Role.NOBODY, open.caller("guessed", 0, true).role());
        Sessions.Session session = open.begin(Role.VIEWER, "10.0.0.9", 0);
        Caller viewer = open.caller(session.token(), 1, true);
        assertEquals(Role.VIEWER, viewer.role());
        assertFalse(viewer.role().mayBe(Role.INSTALLER));
        open.end(session.token());
        assertEquals(Role.NOBODY, open.caller(session.token(), 2, true).role());
    }

    @Test
    void aForeignSiteCannotKnowWhatAChangeNeeds() throws IOException {
        Access access = new Access(on("127.0.0.1"), pins());
        Caller anybody = access.caller(null, 0, true);
        Sessions.Session session = access.begin(Role.INSTALLER, "127.0.0.1", 0);
        Caller installer = access.caller(session.token(), 0, true);
        assertTrue(access.isGenuine(installer, installer.csrf()));
        assertFalse(access.isGenuine(installer, anybody.csrf()), "from before the login");
        assertFalse(access.isGenuine(installer, ""));
        assertFalse(access.isGenuine(installer, null));
        assertNotEquals(session.token(), session.csrf());
    }

    @Test
    void aSessionEndsWhenItIsIdleAndInAnyCaseAfterAShift() {
        int[] count = {0};
        Sessions sessions = new Sessions(() -> "t" + count[0]++);
        String token = sessions.begin(Role.VIEWER, "a", 0).token();
        assertTrue(sessions.find(token, 899 * S, true).isPresent());
        assertTrue(sessions.find(token, 1_798 * S, false).isPresent(), "used at 899 s");
        assertTrue(sessions.find(token, 1_799 * S, false).isEmpty(), "to be looked at is no use");
        String busy = sessions.begin(Role.VIEWER, "a", 0).token();
        for (long at = 0; at < 28_800; at += 600) {
            assertTrue(sessions.find(busy, at * S, true).isPresent(), at + " s");
        }
        assertTrue(sessions.find(busy, 28_800 * S, true).isEmpty(), "eight hours");
    }

    @Test
    void sessionsAreBoundedAndTheIdlestGoes() {
        int[] count = {0};
        Sessions sessions = new Sessions(() -> "t" + count[0]++);
        String first = sessions.begin(Role.VIEWER, "a", 0).token();
        String second = sessions.begin(Role.VIEWER, "a", 1).token();
        sessions.find(first, 2, true);
        for (int i = 0; i < Sessions.MAX - 1; i++) {
            sessions.begin(Role.VIEWER, "b", 3 + i);
        }
        assertTrue(sessions.find(first, 100, false).isPresent());
        assertTrue(sessions.find(second, 100, false).isEmpty());
    }

    @Test
    void guessingFromOneAddressTakesForEver() {
        Throttle throttle = new Throttle();
        long nowNs = 0;
        int tried = 0;
        // A day of trying as fast as it lets one.
        while (nowNs < 86_400 * S && tried < 1_000) {
            assertEquals(0, throttle.waitNs("a", nowNs));
            throttle.tried("a", nowNs);
            tried++;
            nowNs += Math.max(1, throttle.waitNs("a", nowNs));
        }
        assertTrue(tried < 120, tried + " PINs in a day");
        assertEquals(0, throttle.waitNs("b", nowNs), "others are not locked out");
        throttle.right("a");
        assertEquals(0, throttle.waitNs("a", nowNs));
    }

    @Test
    void guessingFromManyAddressesSlowsAllButLocksNobodyOut() {
        Throttle throttle = new Throttle();
        for (int i = 0; i < 5_000; i++) {
            throttle.tried("a" + i, 0);
        }
        long waitNs = throttle.waitNs("engineer", 1);
        assertTrue(waitNs > 0 && waitNs <= 5 * S, waitNs + " ns");
        assertEquals(0, throttle.waitNs("engineer", 5 * S));
        assertEquals(0, throttle.waitNs("engineer", 86_400 * 30 * S), "forgotten");
    }

    /** A name of a stranger that leads to the box would make his page the box's own. */
    @Test
    void onlyTheBoxsOwnNamesAreServed() {
        Hosts hosts = new Hosts(List.of("wasla.chu.example"), 8080, false);
        for (String ours : List.of("127.0.0.1:8080", "localhost:8080", "[::1]:8080", "WASLA.chu.example:8080")) {
            assertTrue(hosts.isOurs(ours), ours);
        }
        for (String strange :
                List.of("evil.example:8080", "127.0.0.1", "127.0.0.1:81", "127.0.0.1.evil.example:8080", ":8080", "")) {
            assertFalse(hosts.isOurs(strange), strange);
        }
        assertTrue(new Hosts(List.of(), 443, true).isOurs("10.0.0.7"));
        assertFalse(hosts.isOurs(null));
        assertTrue(hosts.isOwnOrigin(null, "localhost:8080"));
        assertTrue(hosts.isOwnOrigin("http://localhost:8080", "localhost:8080"));
        assertFalse(hosts.isOwnOrigin("http://evil.example", "localhost:8080"));
        assertFalse(hosts.isOwnOrigin("null", "localhost:8080"));
    }
}
