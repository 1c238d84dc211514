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
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.Output;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.bridge.link.TcpSettings;
import org.wasla.bridge.link.UdpSettings;
import org.wasla.gateway.device.DeviceSettings.Part;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.page.Pins;
import org.wasla.gateway.page.Role;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.UplinkSettings;
import org.wasla.gateway.uplink.UplinkSettings.Compression;
import org.wasla.gateway.uplink.UplinkSettings.Encoding;
import org.wasla.gateway.ward.RegistrySettings;

/** The person who wrote the configuration stands in a ward: every mistake at once, each with what to write. */
class ConfigReaderTest {
    private static final String PROFILE = """
            wasla: 1
            id: %s
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: ventilator}
            link: {serial: {try: ["19200 8E1"], flow: rts-cts}}
            frame: {line: {end: CR}}
            dialogue: {%s}
            message: [{id: row, pattern: '(?<rr>\\d+)'}]
            """;
    private static final String GOOD = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: Africa/Casablanca}
            uplink: {servers: ["mqtt://127.0.0.1:1883"]}
            buffer: {dir: /tmp/buffer, max: 64MiB, commit: 0ms}
            devices:
              - {id: vent-1, profile: asks, location: rea1/b01, link: "serial:/dev/ttyUSB0"}
              - {id: oxi-1, profile: speaks, link: {serial: /dev/ttyUSB1, baud: 2400, read-only: true}}
              - {id: oxi-2, profile: speaks, link: "tcp:10.0.0.7:4001"}
              - {id: mon-1, profile: speaks, link: {udp: "10.0.0.8", read-only: true}}
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writeProfiles() throws IOException {
        Files.writeString(folder.resolve("wasla-codes.tsv"), "# wasla-codes@1\nucum\t%\tpercent\n");
        profile("asks", "poll: {ask: [{send: \"?\"}]}");
        profile("speaks", "listen: {quiet: 3s}");
    }

    private void profile(String id, String dialogue) throws IOException {
        Path profile = Files.createDirectories(folder.resolve(id));
        Files.writeString(profile.resolve("profile.yaml"), String.format(PROFILE, id, dialogue));
    }

    private Optional<Config> read(String yaml, Problems problems) throws IOException {
        Path file = Files.writeString(folder.resolve("wasla.yaml"), yaml);
        return new ConfigReader(List.of(folder), problems).read(file);
    }

    private void assertProblem(String replaced, String by, String expected) throws IOException {
        assertTrue(GOOD.contains(replaced), "the test replaces '" + replaced + "', which is not there");
        Problems problems = new Problems();
        assertTrue(read(GOOD.replace(replaced, by), problems).isEmpty());
        assertEquals(1, problems.list().size(), problems.list().toString());
        assertTrue(
                problems.list().get(0).toString().contains(expected),
                problems.list().get(0).toString());
    }

    @Test
    void anotherPortOfADeviceHasAProfileNamedAfterBoth() throws IOException {
        profile("asks-waves", "listen: {quiet: 3s}");
        Problems problems = new Problems();
        String ports = "link: \"serial:/dev/ttyUSB0\", ports: {waves: \"serial:/dev/ttyUSB9\"}";
        Config config = read(GOOD.replace("link: \"serial:/dev/ttyUSB0\"", ports), problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        assertEquals(1, config.further().size());
        Config.Device waves = config.further().get(0);
        assertEquals("vent-1", waves.id());
        assertEquals("rea1/b01", waves.location());
        assertEquals("asks-waves", waves.profile().id());
        assertEquals("19200 8E1", ((SerialSettings) waves.link()).line());
        assertProblem(
                "link: \"serial:/dev/ttyUSB0\"",
                "link: \"serial:/dev/ttyUSB0\", ports: {alarms: \"serial:/dev/ttyUSB9\"}",
                "there is no profile asks-alarms");
        assertProblem(
                "link: \"serial:/dev/ttyUSB0\"",
                "link: \"serial:/dev/ttyUSB0\", ports: {waves: \"serial:/dev/ttyUSB0\"}",
                "a second time");
    }

    @Test
    void lineSettingsComeFromTheProfileWhereTheyAreNotWritten() throws IOException {
        Problems problems = new Problems();
        Config config = read(GOOD, problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        SerialSettings vent = (SerialSettings) config.devices().get(0).link();
        assertEquals("19200 8E1", vent.line());
        SerialSettings oxi = (SerialSettings) config.devices().get(1).link();
        assertEquals("2400 8E1", oxi.line());
        assertTrue(oxi.readOnly());
        assertEquals(
                new TcpSettings("10.0.0.7", 4001, false),
                config.devices().get(2).link());
        assertEquals(
                new UdpSettings("10.0.0.8", 24105, true),
                config.devices().get(3).link());
        assertEquals(0, config.buffer().commitMs());
    }

    @Test
    void plainMqttIsForThisComputerOnlyUnlessWrittenOut() throws IOException {
        assertProblem("127.0.0.1", "broker.example", "would send patient data without TLS; write mqtts://");
        String insecure = GOOD.replace("\"mqtt://127.0.0.1:1883\"]", "\"mqtt://broker.example:1883\"], insecure: true");
        assertTrue(read(insecure, new Problems()).isPresent());
    }

    /** One port, several pumps: the configuration may give each a name and a bed of its own. */
    @Test
    void partsOfADeviceHaveNamesAndLocations() throws IOException {
        String parts = "profile: asks, parts: {1-1: {id: pump-1, location: rea1/b02}, 2: {id: pump-2}}";
        Problems problems = new Problems();
        Config config = read(GOOD.replace("profile: asks", parts), problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        Map<String, Part> expected = Map.of("1-1", new Part("pump-1", "rea1/b02"), "2", new Part("pump-2", null));
        assertEquals(expected, config.devices().get(0).parts());
        assertProblem("profile: asks", "profile: asks, parts: {1/1: {id: pump-1}}", "no part of a device");
        assertProblem("profile: asks", "profile: asks, parts: {1: {id: vent-1}}", "a second time");
        assertProblem("profile: asks", "profile: asks, parts: {1: {location: rea1}}", "has no 'id'");
    }

    @Test
    void aTcpPortThatIsNotWrittenIsTheProfiles() throws IOException {
        String bare = GOOD.replace("serial:/dev/ttyUSB0", "tcp:10.0.0.8");
        assertTrue(read(bare, new Problems()).isEmpty());
        Path profile = folder.resolve("asks/profile.yaml");
        Files.writeString(profile, Files.readString(profile).replace("link: {", "link: {tcp: 4601, "));
        Problems problems = new Problems();
        Config config = read(bare, problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        assertEquals("tcp:10.0.0.8:4601", config.devices().get(0).link().text());
    }

    @Test
    void mistakesAreToldWithTheirRemedy() throws IOException {
        assertProblem("zone:", "zonne:", "wasla.yaml:1: gateway.zonne is not known; did you mean 'zone'?");
        assertProblem("id: gw-1", "id: GW_1", "gateway.id is 'GW_1'; write small letters");
        assertProblem("Africa/Casablanca", "Morocco", "no time zone");
        assertProblem(
                "profile: asks",
                "profile: askx",
                "wasla.yaml:5: devices[0].profile is 'askx', no profile; write one of");
        assertProblem("[\"mqtt://127.0.0.1:1883\"]", "[]", "uplink.servers names no server");
        assertProblem("1883\"]}", "1883\"], ca: /none.pem}", "uplink.ca is '/none.pem', no file that can be read");
        assertProblem(
                "serial: /dev/ttyUSB1, baud", "serial: /dev/ttyUSB0, baud", "is serial:/dev/ttyUSB0 a second time");
        assertProblem("id: oxi-2", "id: oxi-1", "a second time; give every device its own id");
        assertProblem("tcp:10.0.0.7:4001", "tpc:10.0.0.7", "devices[2].link is wrong: ");
        assertProblem("max: 64MiB", "max: 1MiB", "buffer.max is too small; write at least 4MiB");
        assertProblem("commit: 0ms", "comit: 0ms", "did you mean 'commit'?");
    }

    private UplinkSettings.Flow flow(String keys) throws IOException {
        Problems problems = new Problems();
        return read(GOOD.replace("1883\"]}", "1883\"], " + keys + "}"), problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()))
                .uplink()
                .flow();
    }

    @Test
    void howMuchGoesWhenHasDefaultsAndBounds() throws IOException {
        assertEquals(new UplinkSettings.Flow(0, 0, 25), flow("compress: off"));
        assertEquals(new UplinkSettings.Flow(8_000, 2_000, 90), flow("rate: 8000, batch: 2s, backlog: 90%"));
        assertEquals(new UplinkSettings.Flow(8 << 10, 250, 0), flow("rate: 8KiB, batch: 250ms, backlog: 0%"));
        assertProblem("1883\"]}", "1883\"], rate: fast}", "uplink.rate is no size; write a number with B, KiB");
        assertProblem("1883\"]}", "1883\"], batch: 6s}", "uplink.batch is '6s'; write at most 5s");
        assertProblem("1883\"]}", "1883\"], backlog: 91%}", "uplink.backlog is '91%'; write 0% to 90%, such as 25%");
        assertProblem("1883\"]}", "1883\"], backlog: 25}", "uplink.backlog is '25'; write 0% to 90%");
    }

    private Encoding encoding(String keys) throws IOException {
        Problems problems = new Problems();
        return read(GOOD.replace("1883\"]}", "1883\"], " + keys + "}"), problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()))
                .uplink()
                .encoding();
    }

    @Test
    void messagesAreJsonAndWholeUnlessToldOtherwise() throws IOException {
        assertEquals(Encoding.PLAIN, encoding("rate: 0"));
        assertEquals(new Encoding(true, Compression.AUTO), encoding("format: cbor, compress: auto"));
        assertEquals(new Encoding(false, Compression.DICTIONARY), encoding("format: json, compress: dict"));
        assertProblem("1883\"]}", "1883\"], format: xml}", "uplink.format is 'xml'; write json or cbor");
        assertProblem("1883\"]}", "1883\"], compress: on}", "uplink.compress is 'on'; write off, auto or dict");
    }

    @Test
    void wavesGoToTheSharedRecordOnlyWhereItSaysSo() throws IOException {
        assertEquals(new FhirReader.Rates(0, 0), fhir(""));
        assertEquals(new FhirReader.Rates(60_000, 0), fhir("fhir: {every: 60s}\n"));
        assertEquals(new FhirReader.Rates(30_000, 10), fhir("fhir: {every: 30s, waves: 10s}\n"));
        for (String length : List.of("11s", "1500ms")) {
            assertProblem(
                    "gateway: {",
                    "fhir: {waves: " + length + "}\ngateway: {",
                    "fhir.waves is no length of an excerpt; write whole seconds from 1s to 10s, or leave it out");
        }
    }

    private FhirReader.Rates fhir(String section) throws IOException {
        Problems problems = new Problems();
        return read(section + GOOD, problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()))
                .fhir();
    }

    @Test
    void aKeyThatIsLeftEmptyIsMissing() throws IOException {
        assertProblem(
                "gateway: {id: gw-1, region: ma-06, site: chu-1, zone: Africa/Casablanca}",
                "gateway:",
                "wasla.yaml:1: the file has no 'gateway'; add gateway: {id: ");
        assertProblem("id: gw-1,", "id: ,", "wasla.yaml:1: gateway has no 'id'; add id: gw-7f3a9c21");
        assertProblem(
                "uplink: {servers: [\"mqtt://127.0.0.1:1883\"]}",
                "uplink:",
                "wasla.yaml:2: the file has no 'uplink'; add uplink: {servers: ");
        assertProblem(
                "servers: [\"mqtt://127.0.0.1:1883\"]",
                "servers: ",
                "wasla.yaml:2: uplink has no 'servers'; add servers: [mqtts://broker.example:8883]");
        assertProblem("profile: asks", "profile: ", "wasla.yaml:5: devices[0] has no 'profile'; add profile: ");
        assertProblem("link: \"tcp:10.0.0.7:4001\"", "link: ", "wasla.yaml:7: devices[2] has no 'link'; add link: ");
    }

    @Test
    void anOptionalKeyThatIsLeftEmptyIsAsIfAbsent() throws IOException {
        Problems problems = new Problems();
        String empty = GOOD.replace("zone: Africa/Casablanca", "zone: ")
                        .replace("buffer: {dir: /tmp/buffer, max: 64MiB, commit: 0ms}", "buffer:")
                        .replace("baud: 2400", "baud: ")
                + "dicom:\ngpio:\nprofiles:\n";
        Config config = read(empty, problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        assertEquals(8L << 30, config.buffer().maxBytes());
        assertNull(config.page());
    }

    @Test
    void aPortThatDoesNotExistIsToldWithItsLine() throws IOException {
        assertProblem("127.0.0.1:1883", "127.0.0.1:99999", "wasla.yaml:2: uplink.servers[0] has the port 99999; write");
        assertProblem(
                "127.0.0.1:1883", "127.0.0.1:0", "uplink.servers[0] has the port 0; write a port from 1 to 65535");
        assertTrue(read(GOOD.replace("127.0.0.1:1883", "127.0.0.1:65535"), new Problems())
                .isPresent());
        assertTrue(read(GOOD.replace("127.0.0.1:1883", "127.0.0.1"), new Problems())
                .isPresent());
    }

    @Test
    void whatNoPathCanHoldIsAProblemAndNoException() throws IOException {
        String nul = "\"/a\\0b\"";
        assertProblem("dir: /tmp/buffer", "dir: " + nul, "buffer.dir is no path; leave out");
        assertProblem("1883\"]}", "1883\"], ca: " + nul + "}", "uplink.ca is no path");
        assertProblem("1883\"]}", "1883\"], key: " + nul + "}", "uplink.key is no path");
        assertProblem("devices:", "profiles: {dir: [" + nul + "]}\ndevices:", "profiles.dir[0] is no path");
        assertProblem("profile: asks", "profile: " + nul, ", no profile; write one of asks, speaks");
        assertProblem("serial: /dev/ttyUSB1", "serial: " + nul, "devices[1].link is no path");
    }

    @Test
    void aMistakeInAProfileStopsTheStartToo() throws IOException {
        Path profile = folder.resolve("speaks/profile.yaml");
        Files.writeString(profile, Files.readString(profile).replace("quiet: 3s", "quiet: soon"));
        Problems problems = new Problems();
        assertTrue(read(GOOD, problems).isEmpty());
        assertEquals(1, problems.list().size());
        assertTrue(problems.list().get(0).file().endsWith("speaks/profile.yaml"));
    }

    @Test
    void theWholeConfigurationOfTheDesignIsRead() throws IOException {
        String all = GOOD + """
                dicom: {ae: WASLA, listen: 11112, callers: any, store: /var/lib/wasla/dicom, max: 20GiB, quiet: 60s}
                adt:
                  listen: 2575
                  peers: [192.168.1.20, 10.20.0.0/16, "fd00::/8"]
                  beds: {"REA1^^B07^CHU": rea1/b07}
                  attributes: false
                page: {listen: "127.0.0.1:8080"}
                gpio: {board: none}
                """;
        Problems problems = new Problems();
        Config config = read(all, problems)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        assertEquals(8080, Objects.requireNonNull(config.page()).port());
        assertTrue(config.page().isLocal());
        assertEquals(2575, config.patients().adt().port());
        assertEquals(3, config.patients().adt().peers().size());
        assertTrue(config.patients().adt().isGuarded());
        assertEquals(90L * 86_400_000, config.patients().keepMs());
        assertEquals("rea1/b07", config.patients().beds().of(List.of("REA1", "", "B07", "CHU")));
        assertEquals(Path.of("/tmp/buffer-patients"), config.patients().dir());
        assertEquals(30 * 60_000, config.patients().idleMs());
    }

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
    void aLabelNamesOneDevice() throws IOException {
        Config config = read(GOOD.replace("oxi-1,", "oxi-1, aliases: [A-1, A-2],"), new Problems())
                .orElseThrow();
        assertEquals(List.of("A-1", "A-2"), config.devices().get(1).aliases());
        assertProblem("oxi-1,", "oxi-1, aliases: [vent-1],", "is 'vent-1', the name of another device too");
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
