package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.imaging.ImagingSettings.Tls;

/** The toolkit that most modalities are built on judges us in both roles. Skips where it is not installed. */
class DcmtkIT {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    @TempDir
    Path dir;

    @TempDir
    Path work;

    @BeforeEach
    void needsDcmtk() {
        Assumptions.assumeTrue(Files.isExecutable(tool("storescu")), "dcmtk is not installed: apt-get install dcmtk");
    }

    private static Path tool(String name) {
        return PLACES.stream()
                .map(place -> place.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(name));
    }

    /** Runs a tool to its end; gives its exit code. */
    private int run(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(tool(name).toString());
        command.addAll(List.of(arguments));
        Path log = work.resolve(name + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(work.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), name + " hangs: " + Files.readString(log));
        return process.exitValue();
    }

    private int send(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-aec", "WASLA", "-aet", "CT1"));
        arguments.addAll(List.of(more));
        return run("storescu", arguments.toArray(new String[0]));
    }

    /** A small image in explicit little endian, valid to a strict sender. */
    private Path image(String uid) throws IOException {
        return Objects.file(work, uid, Objects.dataSet(uid, "1.2.826.1", "1.2.826.1.1", 20_000));
    }

    @Test
    void echoIsAnswered() throws Exception {
        try (Receiver receiver = Receiver.start(dir)) {
            String port = Integer.toString(receiver.port());
            assertEquals(0, run("echoscu", "-aec", "WASLA", "127.0.0.1", port));
            assertEquals(0, run("echoscu", "-aec", "WASLA", "-pts", "3", "-ppc", "40", "127.0.0.1", port));
            assertTrue(run("echoscu", "-aec", "OTHER", "127.0.0.1", port) != 0, "another title was taken");
        }
    }

    /** The default proposes 128 contexts; the others one encoding or few, in all orders. */
    @Test
    void everyWayToProposeIsUnderstood() throws Exception {
        List<String> ways = List.of("-x=", "-xe", "-xb", "-xi", "-xs", "-xv", "-xr", "-xd", "-R");
        try (Receiver receiver = Receiver.start(dir)) {
            String port = Integer.toString(receiver.port());
            for (String way : ways) {
                Path file = image("1.2.826.2." + (1 + ways.indexOf(way)));
                assertEquals(0, send(way, "127.0.0.1", port, file.toString()), way);
            }
            Path last = image("1.2.826.2.99");
            assertEquals(0, send("-R", "--max-send-pdu", "4096", "127.0.0.1", port, last.toString()), "4096");
            assertEquals(
                    0,
                    run(
                            "dcmsend",
                            "-aec",
                            "WASLA",
                            "127.0.0.1",
                            port,
                            image("1.2.826.2.100").toString()));
            assertEquals(ways.size() + 2, Objects.listed(dir).size());
        }
        for (Instance instance : Objects.listed(dir).values()) {
            assertEquals(0, run("dcmdump", "-q", dir.resolve(instance.file()).toString()), instance.file());
        }
    }

    @Test
    void whatDcmtkSendsIsWhatWeHold() throws Exception {
        Path file = image("1.2.826.3");
        try (Receiver receiver = Receiver.start(dir)) {
            String port = Integer.toString(receiver.port());
            assertEquals(0, send("-xe", "127.0.0.1", port, file.toString()));
            assertEquals(0, send("-xe", "127.0.0.1", port, file.toString()));
        }
        Map<Integer, Instance> listed = Objects.listed(dir);
        assertEquals(1, listed.size());
        Path held = dir.resolve(listed.values().iterator().next().file());
        assertArrayEquals(Objects.data(file), Objects.data(held));
    }

    @Test
    void storescpTakesWhatWeSend() throws Exception {
        int port = freePort();
        Path received = Files.createDirectory(work.resolve("received"));
        Process peer = new ProcessBuilder(
                        tool("storescp").toString(), "+B", "+xa", "-od", received.toString(), Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("storescp.log").toFile())
                .start();
        try {
            Sender.Peer to = new Sender.Peer("127.0.0.1", port, "STORESCP", "WASLA");
            Path file = image("1.2.826.4");
            FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
            Objects.await("storescp listens", () -> isListening(port));
            try (Sender sender = Sender.open(to, List.of(head), Timing.USUAL)) {
                assertEquals(0, sender.echo());
                for (int i = 0; i < 20; i++) {
                    assertEquals(0, sender.store(file, head).orElse(-1));
                }
            }
            assertEquals(1, received.toFile().listFiles().length);
        } finally {
            peer.destroyForcibly();
            assertTrue(peer.waitFor(10, TimeUnit.SECONDS));
        }
    }

    private static boolean isListening(int port) {
        try (java.net.Socket socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void tlsIsSpokenWithAndWithoutTheCallersCertificate() throws Exception {
        Path key = work.resolve("own.p12");
        Files.writeString(work.resolve("own.p12.pass"), "secret");
        assertEquals(0, run("keytool", keytool(key)), Files.readString(work.resolve("keytool.log")));
        Path pem = work.resolve("own.pem");
        Path privatePem = work.resolve("own.key");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        assertEquals(
                0,
                run(
                        "openssl",
                        "pkcs12",
                        "-in",
                        key.toString(),
                        "-passin",
                        "pass:secret",
                        "-nokeys",
                        "-out",
                        pem.toString()));
        assertEquals(
                0,
                run(
                        "openssl",
                        "pkcs12",
                        "-in",
                        key.toString(),
                        "-passin",
                        "pass:secret",
                        "-nocerts",
                        "-nodes",
                        "-out",
                        privatePem.toString()));
        for (Tls tls : List.of(new Tls(freePort(), key, null), new Tls(freePort(), key, pem))) {
            try (Receiver receiver = new Receiver(dir, Receiver.settings(dir, Limits.USUAL, tls), Timing.USUAL)) {
                String port = Integer.toString(receiver.imaging.ports().get(1));
                Path file = image("1.2.826.5." + port);
                int code = send(
                        "+tls",
                        privatePem.toString(),
                        pem.toString(),
                        "+cf",
                        pem.toString(),
                        "127.0.0.1",
                        port,
                        file.toString());
                assertEquals(0, code, Files.readString(work.resolve("storescu.log")));
                assertEquals(Delivery.Verdict.SENT, forward(port, new ForwardSettings.Keys(pem, key)));
                assertTrue(run("echoscu", "-aec", "WASLA", "-to", "5", "-ta", "5", "127.0.0.1", port) != 0, "plain");
                assertEquals(0, run("echoscu", "-aec", "WASLA", "127.0.0.1", Integer.toString(receiver.port())));
            }
        }
    }

    /** We forward over TLS as we receive over it. */
    private static Delivery.Verdict forward(String port, ForwardSettings.Keys keys) throws IOException {
        FileHead head = new FileHead(Objects.CT, "1.2.826.7." + port, Uids.EXPLICIT_LITTLE, "", 0);
        ForwardSettings.Node node = new ForwardSettings.Node("WASLA", "127.0.0.1", Integer.parseInt(port), keys);
        try (Delivery delivery = NodeDelivery.open(node, "BOX2", List.of(head), Timing.USUAL)) {
            return delivery.send(head, out -> out.write(Objects.noise(1_000, 1)))
                    .verdict();
        }
    }

    private String[] keytool(Path key) {
        return new String[] {
            "-genkeypair",
            "-alias",
            "own",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=localhost",
            "-validity",
            "30",
            "-storetype",
            "PKCS12",
            "-keystore",
            key.toString(),
            "-storepass",
            "secret"
        };
    }

    /** A reader that is not ours reads a file of each transfer syntax from our store. */
    @Test
    void theHeadOfOurFilesNamesWhatIsInThem() throws Exception {
        try (Receiver receiver = Receiver.start(dir)) {
            String port = Integer.toString(receiver.port());
            assertEquals(0, send("-xi", "127.0.0.1", port, image("1.2.826.6.1").toString()));
            assertEquals(
                    0, send("-xb", "-R", "127.0.0.1", port, image("1.2.826.6.2").toString()));
        }
        List<String> syntaxes = Objects.listed(dir).values().stream()
                .map(Instance::transferSyntax)
                .toList();
        assertEquals(List.of(Uids.IMPLICIT_LITTLE, Uids.EXPLICIT_LITTLE), syntaxes);
    }
}
