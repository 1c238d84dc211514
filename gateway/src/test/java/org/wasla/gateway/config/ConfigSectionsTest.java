package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.Output;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.page.Pins;
import org.wasla.gateway.page.Role;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.ward.RegistrySettings;

/** Sections of the configuration that open the box to somebody, or say whom it knows. */
class ConfigSectionsTest extends ConfigTexts {
    // A page on the ward's network without a PIN or in clear would be a hole that nobody sees.
    @Test
    void aPageBeyondTheBoxNeedsTlsAndAPin() throws IOException {
        Problems problems = new Problems();
        assertTrue(read(GOOD + "page: {listen: \"0.0.0.0:8443\"}\n", problems).isEmpty());
        assertEquals(2, problems.list().size(), problems.list().toString());
        String told = problems.list().toString();
        assertTrue(told.contains("page would be served on 0.0.0.0 without TLS; add page.tls: own"), told);
        assertTrue(told.contains("page would be open to everybody on 0.0.0.0; add page.pin: FILE"), told);
        Path pins = folder.resolve("pins");
        Pins.write(pins, Role.VIEWER, "123456".toCharArray());
        String open = "page: {listen: \"0.0.0.0:8443\", tls: own, pin: " + pins + ", names: [wasla.chu.example]}\n";
        Config config = read(GOOD + open, new Problems()).orElseThrow();
        PageSettings page = Objects.requireNonNull(config.page());
        assertEquals(
                Path.of("/tmp/buffer/local/page.p12"),
                Objects.requireNonNull(page.tls()).file());
        Files.writeString(pins, "installer 123456\n");
        Problems inPins = new Problems();
        assertTrue(read(GOOD + open, inPins).isEmpty());
        told = inPins.list().toString();
        assertTrue(told.contains("page.pin has a line that is no hash of a PIN; make the file anew"), told);
        assertFalse(told.contains("123456"), told);
        Problems bare = new Problems();
        assertTrue(read(GOOD + "page: {listen: \"8080\"}\n", bare).isEmpty());
        assertTrue(bare.list().toString().contains("write ADDRESS:PORT"));
    }

    // Lamps on lines of their own wiring must not need a new board description.
    @Test
    void aBoardIsKnownByItsNameAndItsLinesMayDiffer() throws IOException {
        assertNull(read(GOOD + "gpio: {board: none}\n", new Problems())
                .orElseThrow()
                .board());
        String own = GOOD + "gpio: {board: rpi5, red: 5, buzzer: none}\n";
        Board board = read(own, new Problems()).orElseThrow().board();
        assertNotNull(board);
        assertEquals(
                Map.of(
                        Output.GREEN, 17,
                        Output.AMBER, 27,
                        Output.RED, 5,
                        Output.BLUE, 23,
                        Output.DIRECTION_A, 18,
                        Output.DIRECTION_B, 26),
                board.lines());
        assertProblem("devices:", "gpio: {board: rpi9}\ndevices:", "write none or one of rpi4, rpi5, cm4");
        assertProblem("devices:", "gpio: {board: rpi4, red: 17}\ndevices:", "two things on one line");
        assertProblem("devices:", "gpio: {board: rpi4, button: 17}\ndevices:", "two things on one line");
        assertProblem("devices:", "gpio: {board: rpi4, red: 40}\ndevices:", "gpio.red");
        assertProblem("devices:", "gpio: {board: rpi4, read: 5}\ndevices:", "did you mean 'red'");
    }

    private static final String OXI = "{serial: /dev/ttyUSB1, baud: 2400, read-only: true}";

    // A line that nobody turns asks for ever and is never heard: it is told before the box is hung up.
    @Test
    void aLineOfTwoWiresNamesAnOutputThatTheBoardHas() throws IOException {
        String two = "{serial: /dev/ttyAMA0, flow: none, rs485: direction-b}";
        Problems problems = new Problems();
        Config config = read("gpio: {board: cm4}\n" + GOOD.replace(OXI, two), problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        assertEquals("direction-b", ((SerialSettings) config.devices().get(1).link()).rs485());
        assertProblem(OXI, two, "gpio has no direction-b, which turns the line of oxi-1; name the board");
        assertProblem(OXI, two.replace("-b", "-c"), "write one of direction-a, direction-b");
        assertProblem(OXI, two.replace("flow: none, ", ""), "flow control on two wires (rs485) is not possible");
        String without = "gpio: {board: rpi4, direction-b: none}\ndevices:";
        Problems own = new Problems();
        assertTrue(
                read(GOOD.replace(OXI, two).replace("devices:", without), own).isEmpty());
        assertTrue(
                own.list().toString().contains("gpio has no direction-b"),
                own.list().toString());
        Problems twice = new Problems();
        String both = GOOD.replace(OXI, two)
                .replace("\"serial:/dev/ttyUSB0\"", two.replace("AMA0", "AMA1"))
                .replace("devices:", "gpio: {board: rpi4}\ndevices:");
        assertTrue(read(both, twice).isEmpty());
        assertTrue(
                twice.list().toString().contains("as another line is"),
                twice.list().toString());
    }

    // What was wired before there were such outputs stays as it is.
    @Test
    void anOutputThatNobodyAskedForGivesWay() throws IOException {
        Board board = read(GOOD + "gpio: {board: rpi4, red: 18, button: 26}\n", new Problems())
                .orElseThrow()
                .board();
        assertNotNull(board);
        assertEquals(18, board.lines().get(Output.RED));
        assertFalse(board.lines().containsKey(Output.DIRECTION_A));
        assertFalse(board.lines().containsKey(Output.DIRECTION_B));
        assertProblem("devices:", "gpio: {board: rpi4, red: 5, direction-a: 5}\ndevices:", "two things on one line");
    }

    @Test
    void theBoardsWatchdogIsLeftAloneUnlessItIsNamed() throws IOException {
        assertNull(read(GOOD, new Problems()).orElseThrow().watchdog());
        String none = GOOD + "gpio: {watchdog: none}\n";
        assertNull(read(none, new Problems()).orElseThrow().watchdog());
        String named = GOOD + "gpio: {watchdog: /dev/watchdog}\n";
        assertEquals(
                Path.of("/dev/watchdog"),
                read(named, new Problems()).orElseThrow().watchdog());
        assertProblem("devices:", "gpio: {watchdog: watchdog0}\ndevices:", "write /dev/watchdog, or none");
    }

    // A box that nobody may change must not become one by a half-written section.
    @Test
    void whoMayChangeTheBoxIsWrittenOut() throws IOException {
        assertNull(read(GOOD, new Problems()).orElseThrow().trust());
        String root = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        String whole =
                GOOD + "trust: {roots: [" + root + "], keys: /etc/wasla/keys.jws, groups: [ward-a], live: false}\n";
        TrustReader.Trust trust = read(whole, new Problems()).orElseThrow().trust();
        assertNotNull(trust);
        assertEquals(List.of("ward-a"), trust.groups());
        assertEquals(0, trust.liveBytes());
        assertEquals(20_000, trust.watchMs());
        assertProblem("devices:", "trust: {groups: [ward-a]}\ndevices:", "has no roots");
        assertProblem("devices:", "trust: {roots: [" + root + "]}\ndevices:", "add keys:");
        assertProblem("devices:", "trust: {roots: [abc], keys: /k}\ndevices:", "is no Ed25519 key");
        assertProblem("devices:", "trust: {roots: [" + root + "], keys: /k, needed: 2}\ndevices:", "needed");
        assertProblem("devices:", "trust: {roots: [" + root + "], keys: /k, watch: 1ms}\ndevices:", "write 1s or more");
    }

    @Test
    void patientsAreKnownOnlyWhereSomethingAsksForIt() throws IOException {
        Config config = read(GOOD, new Problems()).orElseThrow();
        assertFalse(config.patients().isAsked());
        String own = GOOD + "patient: {dir: /srv/p, idle: 0s, authority: CHU, wristband: \"IPP(\\\\d+)\"}\n";
        Config.Patients patients = read(own, new Problems()).orElseThrow().patients();
        assertTrue(patients.isAsked());
        assertEquals("/srv/p 0 CHU", patients.dir() + " " + patients.idleMs() + " " + patients.authority());
        assertEquals("IPP(\\d+)", String.valueOf(patients.wristband()));
        assertProblem("devices:", "adt: {listen: 0}\ndevices:", "adt.listen");
        assertProblem("devices:", "adt: {lisen: 2575}\ndevices:", "did you mean 'listen'");
        assertProblem("devices:", "adt: {listen: 2575, peers: [his.local]}\ndevices:", "is 'his.local', no address");
        assertProblem("devices:", "adt: {listen: 2575, peers: [10.0.0.0/33]}\ndevices:", "no address");
        assertProblem("devices:", "adt: {listen: 2575, tls: {}}\ndevices:", "adt.tls has no 'key'");
        assertProblem("devices:", "patient: {keep: 1h}\ndevices:", "is shorter than a day");
        assertProblem(
                "devices:", "patient: {wristband: \"(\"}\ndevices:", "patient.wristband is no regular expression");
    }

    @Test
    void theRegistryAndTheAlarmSetsAreRead() throws IOException {
        Problems problems = new Problems();
        Config plain = read(GOOD, problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        assertNull(plain.patients().registry());
        assertEquals(120_000, plain.alarmsMs());
        Config config = read(GOOD + "registry: {ask: 5min, authorities: [CHU]}\nalarms: {valid: 30s}\n", problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        RegistrySettings registry = Objects.requireNonNull(config.patients().registry());
        assertEquals(300_000, registry.askMs());
        assertEquals(Set.of("CHU"), registry.authorities());
        assertNull(registry.seal());
        assertTrue(config.patients().isAsked());
        assertEquals(30_000, config.alarmsMs());
        for (String wrong : List.of(
                "registry: {ask: 2d}",
                "registry: {asks: 1s}",
                "registry: {key: /no/such.pem}",
                "alarms: {valid: 1s}",
                "alarms: {valid: 3500ms}",
                "alarms: {until: 1s}")) {
            Problems told = new Problems();
            assertTrue(read(GOOD + wrong + "\n", told).isEmpty(), wrong);
            assertEquals(1, told.list().size(), told.list().toString());
        }
        Path key = Files.writeString(folder.resolve("not.pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n");
        Problems told = new Problems();
        read(GOOD + "registry: {key: " + key + "}\n", told);
        assertTrue(
                told.list().toString().contains("no public key for X25519"),
                told.list().toString());
    }
}
