package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package: what is in it, that it is the same twice, and how closed the service is. */
class PackageIT {
    private static final Path PACKAGE = Tool.ROOT.resolve("ops/package");
    private static final Pattern EXPOSURE = Pattern.compile("Overall exposure level for wasla.service: (\\d+\\.\\d)");
    private static final long PATIENCE_MIN = 20;

    @TempDir
    Path folder;

    /** @return the package's file */
    private Path build(String out, String umask, String zone, String architecture) throws Exception {
        Assumptions.assumeTrue(Shell.has("dpkg-deb") && Shell.has("zip"), "no dpkg-deb or zip");
        Path dir = folder.resolve(out);
        Shell.run(
                "env",
                "WASLA_BUILT=1",
                "TZ=" + zone,
                "LC_ALL=C.UTF-8",
                "sh",
                "-c",
                "umask " + umask + "; exec " + PACKAGE + " --quick --out " + dir + " " + architecture);
        try (Stream<Path> files = Files.list(dir)) {
            return files.findFirst().orElseThrow();
        }
    }

    /** Whoever doubts a package builds it again: the bytes are the same in another zone, under other rights. */
    @Test
    void theSameSourcesGiveTheSameBytes() throws Exception {
        Path one = build("one", "022", "UTC", "arm64");
        Path two = build("two", "077", "Africa/Casablanca", "arm64");
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));

        String files = Shell.run("dpkg-deb", "-c", one);
        for (String line : files.split("\n")) {
            assertTrue(line.contains(" root/root ") && line.contains(" 2026-11-22 00:00 "), line);
        }
        for (String expected : List.of(
                "-rwxr-xr-x root/root .* ./usr/bin/wasla",
                "-rw-r--r-- root/root .* ./lib/systemd/system/wasla.service",
                "-rw-r--r-- root/root .* ./lib/udev/rules.d/60-wasla.rules",
                "-rw-r--r-- root/root .* ./usr/lib/wasla/libjSerialComm.so",
                "-rw-r--r-- root/root .* ./usr/share/wasla/device-profiles/pb840/profile.yaml",
                "-rw-r--r-- root/root .* ./usr/share/wasla/device-profiles/wasla-codes.tsv",
                "-rw-r--r-- root/root .* ./usr/share/doc/wasla/INSTALLATION.md",
                "-rw-r--r-- root/root .* ./usr/share/doc/wasla/install/5-done.fr.png",
                "-rw-r--r-- root/root .* ./usr/share/doc/wasla/wiring/rs232.svg")) {
            assertTrue(files.lines().anyMatch(line -> line.matches(expected)), expected + " in\n" + files);
        }
        assertTrue(installedKib(one) <= 25_000, "larger than 25 MB");
        assertOwnLibrary(one, "arm64", "b7");
    }

    private static long installedKib(Path deb) throws Exception {
        return Long.parseLong(Shell.run("dpkg-deb", "-f", deb, "Installed-Size").strip());
    }

    /** A library of another machine is dead weight on every box, and the wrong one does not load. */
    @Test
    void everyArchitectureHasItsOwnLibraryAndNoOther() throws Exception {
        assertOwnLibrary(build("amd64", "022", "UTC", "amd64"), "amd64", "3e");
        assertOwnLibrary(build("armhf", "022", "UTC", "armhf"), "armhf", "28");
    }

    /** @param machine of the ELF header, two hexadecimal digits */
    private void assertOwnLibrary(Path deb, String architecture, String machine) throws Exception {
        Path root = folder.resolve("root-" + architecture);
        Shell.run("dpkg-deb", "-x", deb, root);
        assertEquals(
                architecture, Shell.run("dpkg-deb", "-f", deb, "Architecture").strip());
        byte[] library = Files.readAllBytes(root.resolve("usr/lib/wasla/libjSerialComm.so"));
        assertEquals(machine, String.format("%02x", library[18]));
        try (Stream<Path> files = Files.list(root.resolve("usr/share/wasla"))) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                List<String> natives = Shell.run("unzip", "-Z1", jar)
                        .lines()
                        .filter(name -> name.matches(".*\\.(so|dll|jnilib|dylib)"))
                        .toList();
                assertTrue(natives.stream().allMatch(name -> name.startsWith(gpio(architecture))), jar + " " + natives);
            }
        }
    }

    /** Where the library for the pins has those of this machine; Debian's PCs have no pins. */
    private static String gpio(String architecture) {
        return switch (architecture) {
            case "arm64" -> "lib/aarch64/";
            case "armhf" -> "lib/armhf/";
            default -> "none/";
        };
    }

    @Test
    void theServiceIsClosedToWhatItDoesNotNeed() throws Exception {
        Assumptions.assumeTrue(Shell.has("systemd-analyze"), "no systemd-analyze");
        Path unit = Tool.ROOT.resolve("ops/debian/wasla.service");
        // 0 is closed to everything, 10 is open.
        Matcher exposure =
                EXPOSURE.matcher(Shell.run("systemd-analyze", "security", "--offline=yes", "--no-pager", unit));
        assertTrue(exposure.find());
        assertTrue(Double.parseDouble(exposure.group(1)) <= 2.0, exposure.group());
        List<String> devices = Files.readAllLines(unit, StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("DeviceAllow="))
                .toList();
        Pattern allowed =
                Pattern.compile("DeviceAllow=(char-(tty(USB|ACM|AMA|S)|gpiochip) rw|(char-|/dev/)watchdog w)");
        assertTrue(devices.stream().allMatch(line -> allowed.matcher(line).matches()), devices.toString());
        assertTrue(devices.contains("DeviceAllow=/dev/watchdog w"), devices.toString());
    }

    /** A shell's mistake would show at a ward's bedside only. */
    @Test
    void scriptsOfTheInstallationAreReadable() throws Exception {
        for (String script : List.of("postinst", "prerm", "postrm", "wasla", "make-archive")) {
            Shell.run(script.equals("make-archive") ? "bash" : "sh", "-n", Tool.ROOT.resolve("ops/debian/" + script));
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void itInstallsUpgradesOverABacklogAndLeavesNothing() throws Exception {
        proof("package");
    }

    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void aPersonInstallsThreeDevicesInTenMinutes() throws Exception {
        Assumptions.assumeTrue(Browser.missing().isEmpty(), Browser.missing());
        proof("install");
    }

    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void itRunsOnArm() throws Exception {
        proof("arm");
    }

    private void proof(String name) throws IOException, InterruptedException {
        Path said = folder.resolve(name);
        ProcessBuilder builder = new ProcessBuilder(
                        Tool.ROOT.resolve("ops/prove/" + name).toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().put("WASLA_BUILT", "1");
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_MIN, TimeUnit.MINUTES)) {
            process.destroy();
        }
        assertEquals(0, process.waitFor(), () -> read(said));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return String.valueOf(unreadable.getMessage());
        }
    }
}
