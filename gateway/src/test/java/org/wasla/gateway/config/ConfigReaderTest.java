package org.wasla.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.bridge.link.TcpSettings;
import org.wasla.bridge.link.UdpSettings;
import org.wasla.gateway.device.DeviceSettings.Part;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.UplinkSettings;
import org.wasla.gateway.uplink.UplinkSettings.Compression;
import org.wasla.gateway.uplink.UplinkSettings.Encoding;

/** The person who wrote the configuration stands in a ward: every mistake at once, each with what to write. */
class ConfigReaderTest extends ConfigTexts {
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

    @Test
    void aLabelNamesOneDevice() throws IOException {
        Config config = read(GOOD.replace("oxi-1,", "oxi-1, aliases: [A-1, A-2],"), new Problems())
                .orElseThrow();
        assertEquals(List.of("A-1", "A-2"), config.devices().get(1).aliases());
        assertProblem("oxi-1,", "oxi-1, aliases: [vent-1],", "is 'vent-1', the name of another device too");
    }
}
