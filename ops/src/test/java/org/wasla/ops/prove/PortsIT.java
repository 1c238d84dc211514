package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.wasla.ops.prove.Platform.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/** No open port but those that the configuration names, as the kernel tells it. */
class PortsIT {
    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)\\]");
    /** Of /proc/net/tcp: number, local address and port in hex, remote, state (0A listens), ..., inode. */
    private static final Pattern LISTENS =
            Pattern.compile("\\s*\\d+: [0-9A-F]+:([0-9A-F]{4}) \\S+ 0A \\S+ \\S+ \\S+ +\\d+ +\\d+ (\\d+) .*");

    private static final Pattern BOUND =
            Pattern.compile("\\s*\\d+: [0-9A-F]+:([0-9A-F]{4}) \\S+ 07 \\S+ \\S+ \\S+ +\\d+ +\\d+ (\\d+) .*");

    @TempDir
    Path folder;

    /** TCP and UDP ports on which the process can be reached. */
    private static Set<Integer> ports(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Set<String> own = new TreeSet<>();
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            for (Path each : files.toList()) {
                Matcher socket = SOCKET.matcher(target(each));
                if (socket.matches()) {
                    own.add(socket.group(1));
                }
            }
        }
        Set<Integer> ports = new TreeSet<>();
        for (String table : new String[] {"tcp", "tcp6", "udp", "udp6"}) {
            Pattern open = table.startsWith("tcp") ? LISTENS : BOUND;
            for (String line : Files.readAllLines(process.resolve("net").resolve(table))) {
                Matcher row = open.matcher(line);
                if (row.matches() && own.contains(row.group(2))) {
                    ports.add(Integer.parseInt(row.group(1), 16));
                }
            }
        }
        return ports;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    @Test
    void nothingListensButWhatIsConfigured() throws Exception {
        int analyser = Mosquitto.freePort();
        int images = Mosquitto.freePort();
        int hospital = Mosquitto.freePort();
        try (Mosquitto broker = Mosquitto.start(folder);
                Platform platform = new Platform(broker.port());
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "masimo-ascii1", 10, Set.of());
            ward.startAgent();
            await("records", () -> platform.records("oxi-1", "obs") > 3);
            assertEquals(Set.of(), ports(ward.pid()), "a device on a wire and a broker ask for none");
            assertEquals(0, ward.stopAgent());

            ward.addLine("lab-1", "{id: lab-1, profile: hl7-oru, link: \"listen:" + analyser + "\"}");
            ward.section("dicom: {listen: " + images + ", store: " + folder.resolve("dicom") + "}\nadt: {listen: "
                    + hospital + "}");
            ward.startAgent();
            Set<Integer> configured = Set.of(analyser, images, hospital);
            await("the configured ports", () -> listens(ward, configured));
            assertEquals(configured, ports(ward.pid()));
        }
    }

    private static boolean listens(Ward ward, Set<Integer> ports) {
        try {
            return ports(ward.pid()).containsAll(ports);
        } catch (IOException notYet) {
            return false;
        }
    }
}
