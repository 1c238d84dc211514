package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.page.Pins;
import org.wasla.gateway.page.Role;

/** {@code wasla page} as an installer types it before a box that was just installed. */
class PageVerbTest {
    private static final String REST = """
            # of this box
            gateway: {id: gw-9, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:1"]}   # the platform's
            """;

    @TempDir
    Path dir;

    private Path config = Path.of("unset");
    private Path pins = Path.of("unset");

    @BeforeEach
    void makeBox() throws IOException {
        System.setProperty("wasla.profiles", Path.of("../device-profiles").toString());
        Path folder = Files.createDirectory(dir.resolve("etc"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        config = folder.resolve("wasla.yaml");
        pins = folder.resolve("page.pins");
        write("page: {pin: " + pins + "}\n");
    }

    private void write(String page) throws IOException {
        Files.writeString(config, REST + page + "buffer: {dir: \"" + dir.resolve("buffer") + "\", max: 16MiB}\n");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
    }

    private record Said(int code, String text) {}

    private Said wasla(String verb, String... more) {
        List<String> args = new ArrayList<>(List.of("page", verb));
        args.addAll(List.of(more));
        if (!verb.equals("pin")) {
            args.addAll(List.of("--config", config.toString()));
        }
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (PrintStream both = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            int code = Main.run(Workshop.NONE, args.toArray(new String[0]));
            return new Said(code, text.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private PageSettings page() throws Failure {
        return Objects.requireNonNull(CheckVerb.read(config, new Shared()).page());
    }

    /** Nobody has to invent one, no two boxes have the same, and who chose another is told nothing of the first. */
    @Test
    void theFirstPinIsToldUntilAnotherReplacesIt() throws IOException {
        Said made = wasla("pin", "--file", pins.toString(), "--make");
        assertEquals(0, made.code(), made.text());
        String first = Files.readString(Pins.first(pins)).strip();
        assertTrue(first.matches("\\d{8}"), "no eight digits");
        assertFalse(made.text().contains(first), "the PIN goes into the log of the installation");
        // The agent's group reads the hashes; the PIN itself is its owner's.
        assertEquals("rw-r-----", rights(pins));
        assertEquals("rw-------", rights(Pins.first(pins)));
        Said shown = wasla("show");
        assertEquals(0, shown.code(), shown.text());
        assertTrue(shown.text().contains("PIN           " + first + " of the installer"), shown.text());
        assertTrue(shown.text().contains("http://127.0.0.1:8080, for this box alone"), shown.text());
        assertTrue(shown.text().contains("ssh -N -L 8080:127.0.0.1:8080 USER@BOX"), shown.text());

        Pins.write(pins, Role.VIEWER, "246810".toCharArray());
        assertTrue(wasla("show").text().contains(first), "the viewer's PIN replaces no installer's");
        Pins.write(pins, Role.INSTALLER, "135791".toCharArray());
        Said later = wasla("show");
        assertFalse(later.text().contains(first), later.text());
        assertTrue(later.text().contains("as somebody chose it"), later.text());
        assertEquals(
                2,
                wasla("pin", "--file", pins.toString(), "--make", "--role", "viewer")
                        .code());
    }

    /** In a folder that others may enter, a group may be anybody. */
    @Test
    void inAnOpenFolderTheHashesAreTheOwnersAlone() throws IOException {
        Files.setPosixFilePermissions(pins.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Pins.make(pins);
        assertEquals("rw-------", rights(pins));
    }

    @Test
    void openAndCloseChangeOneGroupAndNothingElse() throws Exception {
        Pins.make(pins);
        Said opened = wasla("open", "--name", "wasla-rea1.chu.example");
        assertEquals(0, opened.code(), opened.text());
        assertTrue(opened.text().contains("next: sudo systemctl restart wasla"), opened.text());
        PageSettings page = page();
        assertEquals("0.0.0.0:8443", page.host() + ":" + page.port());
        assertTrue(page.tls() != null && page.tls().isOurs());
        assertEquals(List.of("wasla-rea1.chu.example"), page.names());
        String text = Files.readString(config);
        assertTrue(text.startsWith(REST) && text.endsWith("max: 16MiB}\n"), text);
        assertEquals("rw-r-----", rights(config));
        String shown = wasla("show").text();
        assertTrue(shown.contains("https://wasla-rea1.chu.example:8443"), shown);
        assertTrue(shown.contains("made when the agent starts"), shown);

        assertEquals(0, wasla("close").code());
        assertTrue(page().isLocal());
        assertEquals(pins, page().pin());
    }

    /** Somebody wrote it over several lines, or not at all. */
    @Test
    void aGroupOfSeveralLinesIsReplacedAndAMissingOneAdded() throws Exception {
        Pins.make(pins);
        write("page:\n  listen: 127.0.0.1:8090\n  # of the ward\n  ports: [/dev/ttyUSB*]\n");
        assertEquals(0, wasla("open").code());
        assertEquals(List.of(Path.of("/dev/ttyUSB*")), page().ports());
        assertEquals(8443, page().port());
        write("");
        assertEquals(0, wasla("open", "--listen", "0.0.0.0:9443").code());
        assertEquals(9443, page().port());
        assertEquals(pins, page().pin());
    }

    @Test
    void whatCannotBeServedIsRefusedAndChangesNothing() throws IOException {
        Said lost = wasla("open");
        assertEquals(2, lost.code());
        assertTrue(lost.text().contains("make it with wasla page pin --file " + pins), lost.text());
        write("");
        Said noPin = wasla("open");
        assertEquals(1, noPin.code());
        assertTrue(noPin.text().contains("there is no PIN yet; make one: wasla page pin --file " + pins), noPin.text());
        String before = Files.readString(config);
        Pins.make(pins);
        Said noPort = wasla("open", "--listen", "8443");
        assertEquals(2, noPort.code());
        assertTrue(noPort.text().contains(config + ":5: page.listen is '8443'"), noPort.text());
        assertEquals(before, Files.readString(config));
    }
}
