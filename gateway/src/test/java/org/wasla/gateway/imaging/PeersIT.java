package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;

/**
 * Programs that share no code with us send the samples, some of them odd, as far as they can read them themselves. All that
 * reaches us is stored, and where the sender does not write it anew byte by byte. With {@code -Dwasla.long=true} all
 * samples, else a few sound ones.
 */
class PeersIT {
    private static final boolean IS_LONG = Boolean.getBoolean("wasla.long");
    /** Sound ones, of several classes, encodings and character sets. */
    private static final List<String> FEW = List.of(
            "CT_small.dcm",
            "MR_small_bigendian.dcm",
            "JPEG-LL.dcm",
            "MR_small_RLE.dcm",
            "CT-RDSR-Siemens_Flash-TAP-SS.dcm",
            "waveform_ecg.dcm",
            "chrArab.dcm");

    /** For peers that take a second a sample. */
    private static final List<String> SLOW = List.of("CT_small.dcm", "waveform_ecg.dcm");

    /** The option of DCMTK's sender that proposes a transfer syntax. */
    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry(Uids.IMPLICIT_LITTLE, "-xi"),
            Map.entry(Uids.EXPLICIT_BIG, "-xb"),
            Map.entry(Uids.DEFLATED, "-xd"),
            Map.entry("1.2.840.10008.1.2.4.50", "-xy"),
            Map.entry("1.2.840.10008.1.2.4.51", "-xx"),
            Map.entry("1.2.840.10008.1.2.4.70", "-xs"),
            Map.entry("1.2.840.10008.1.2.4.80", "-xt"),
            Map.entry("1.2.840.10008.1.2.4.81", "-xu"),
            Map.entry("1.2.840.10008.1.2.4.90", "-xv"),
            Map.entry("1.2.840.10008.1.2.4.91", "-xw"),
            Map.entry("1.2.840.10008.1.2.5", "-xr"));

    /** They propose video and nothing else, so that of an image only the association comes about. */
    private static final List<String> VIDEO_OPTIONS =
            List.of("-xm", "-xh", "-xn", "-xl", "-x2", "-x3", "-xo", "-x4", "-x5");

    @TempDir
    Path dir;

    @TempDir
    Path work;

    private static Map<Path, FileHead> samples() throws IOException {
        Path samples = Path.of(System.getProperty("wasla.root", ".."), "../shared/captures/dicom");
        Assumptions.assumeTrue(Files.isDirectory(samples), "no samples in ../shared");
        Map<Path, FileHead> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(samples.toAbsolutePath().normalize())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                FileHead head = Sender.head(file);
                boolean isSendable = head != null && Uids.isStorage(head.sopClass()) && Uids.isUsable(head.instance());
                if (isSendable && (IS_LONG || FEW.contains(file.getFileName().toString()))) {
                    found.put(file, head);
                }
            }
        }
        assertTrue(found.size() >= FEW.size(), "samples are missing: " + found.keySet());
        return found;
    }

    private static Map<Path, FileHead> fewer() throws IOException {
        Map<Path, FileHead> samples = samples();
        samples.keySet().removeIf(each -> !IS_LONG && !SLOW.contains(String.valueOf(each.getFileName())));
        return samples;
    }

    /** How many are held, and how many of them as they stand in the samples. */
    private record Held(int stored, int same) {}

    private Held held(Map<Path, FileHead> samples) throws IOException {
        Map<String, List<byte[]>> sent = new HashMap<>();
        for (Map.Entry<Path, FileHead> each : samples.entrySet()) {
            byte[] data = Objects.data(each.getKey());
            sent.computeIfAbsent(each.getValue().instance(), uid -> new ArrayList<>())
                    .add(java.util.Arrays.copyOf(data, data.length + data.length % 2));
        }
        int same = 0;
        Map<Integer, Instance> listed = Objects.listed(dir);
        for (Instance instance : listed.values()) {
            byte[] data = Objects.data(dir.resolve(instance.file()));
            same += sent.getOrDefault(instance.uid(), List.of()).stream()
                            .anyMatch(each -> java.util.Arrays.equals(each, data))
                    ? 1
                    : 0;
        }
        Held held = new Held(listed.size(), same);
        if (IS_LONG) {
            System.out.println(held + " of " + samples.size());
        }
        return held;
    }

    /** Each sample by a run of its own; that a peer ends badly on what it cannot read is its business. */
    private Held send(Function<Path, List<String>> command, Receiver receiver, Map<Path, FileHead> samples)
            throws Exception {
        for (Path file : samples.keySet()) {
            List<String> bounded = new ArrayList<>(List.of("timeout", "10"));
            bounded.addAll(command.apply(file));
            Tool.run(work, bounded);
        }
        try (Sender sender = receiver.sender()) {
            assertEquals(0, sender.echo());
        }
        assertEquals(List.of(), Objects.files(dir, ".part"));
        return held(samples);
    }

    @Test
    void dcmtkSendsEachSampleInItsOwnSyntaxAndCannotEndUs() throws Exception {
        String storescu = Tool.need("storescu", "dcmtk");
        try (Receiver receiver = Receiver.start(dir)) {
            String port = Integer.toString(receiver.port());
            Held held = send(
                    file -> {
                        String option = OPTIONS.getOrDefault(syntax(file), "-xe");
                        return List.of(storescu, "-R", option, "-aec", "WASLA", "127.0.0.1", port, file.toString());
                    },
                    receiver,
                    samples());
            assertTrue(held.stored() >= (IS_LONG ? 59 : FEW.size()) && held.same() > 0, held.toString());
            Path plain = samples().keySet().stream()
                    .filter(each -> each.endsWith("CT_small.dcm"))
                    .findFirst()
                    .orElseThrow();
            for (String option : IS_LONG ? OPTIONS.values() : List.of("-xt", "+C")) {
                int code = Tool.run(work, storescu, option, "-aec", "WASLA", "127.0.0.1", port, plain.toString());
                assertEquals(0, code, option + " " + Tool.said(work, storescu));
            }
            for (String option : IS_LONG ? VIDEO_OPTIONS : VIDEO_OPTIONS.subList(0, 1)) {
                Tool.run(work, storescu, option, "-aec", "WASLA", "127.0.0.1", port, plain.toString());
            }
            Tool.run(work, Tool.need("termscu", "dcmtk"), "-aec", "WASLA", "127.0.0.1", port);
            try (Sender sender = receiver.sender()) {
                assertEquals(0, sender.echo());
            }
        }
    }

    private static String syntax(Path file) {
        try {
            FileHead head = Sender.head(file);
            return head == null ? "" : head.transferSyntax();
        } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        }
    }

    /** Debian's gdcmscu aborts when an association has ended well, with every receiver: what arrived is what counts. */
    @Test
    void gdcmSends() throws Exception {
        String gdcmscu = Tool.need("gdcmscu", "libgdcm-tools");
        try (Receiver receiver = Receiver.start(dir)) {
            String port = Integer.toString(receiver.port());
            Held held = send(
                    file -> List.of(gdcmscu, "--store", "127.0.0.1", port, "-i", file.toString(), "--call", "WASLA"),
                    receiver,
                    fewer());
            assertTrue(held.stored() >= (IS_LONG ? 55 : SLOW.size()), held.toString());
        }
    }

    @Test
    void pixelmedSends() throws Exception {
        List<String> jars = Stream.of("pixelmed", "jmdns", "vecmath", "commons-codec", "commons-net", "hsqldb")
                .map(name -> "/usr/share/java/" + name + ".jar")
                .toList();
        Assumptions.assumeTrue(
                Files.exists(Path.of(jars.get(0))), "PixelMed is not installed: apt-get install libpixelmed-java");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (Receiver receiver = Receiver.start(dir)) {
            String port = Integer.toString(receiver.port());
            Held held = send(
                    file -> List.of(
                            java,
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            String.join(":", jars),
                            "com.pixelmed.network.StorageSOPClassSCU",
                            "127.0.0.1",
                            port,
                            "WASLA",
                            "CT1",
                            file.toString()),
                    receiver,
                    fewer());
            assertTrue(held.stored() >= (IS_LONG ? 75 : SLOW.size()), held.toString());
        }
    }

    /** What we send is what Orthanc holds, and what it sends back is whole. */
    @Test
    void orthancReceivesAndSends() throws Exception {
        String orthanc = Tool.need("Orthanc", "orthanc");
        int http = freePort();
        int dicom = freePort();
        try (Receiver receiver = Receiver.start(dir)) {
            Path configuration =
                    Files.writeString(work.resolve("orthanc.json"), String.format("""
                            {"Name": "peer", "HttpPort": %d, "DicomPort": %d, "DicomAet": "ORTHANC",
                             "StorageDirectory": "held", "IndexDirectory": "held", "Plugins": [],
                             "RemoteAccessAllowed": false, "DicomAlwaysAllowStore": true,
                             "UnknownSopClassAccepted": true, "StorageCompression": false,
                             "DicomModalities": {"wasla": ["WASLA", "127.0.0.1", %d]}}
                            """, http, dicom, receiver.port()));
            Process peer = new ProcessBuilder(orthanc, configuration.toString())
                    .directory(work.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("orthanc.log").toFile())
                    .start();
            try {
                sendBothWays(http, dicom);
            } finally {
                peer.destroyForcibly();
                assertTrue(peer.waitFor(10, TimeUnit.SECONDS));
            }
        }
    }

    private void sendBothWays(int http, int dicom) throws Exception {
        Objects.await("Orthanc answers", () -> isListening(http) && isListening(dicom));
        Map<Path, FileHead> samples = samples();
        Sender.Peer to = new Sender.Peer("127.0.0.1", dicom, "ORTHANC", "WASLA");
        int taken = 0;
        for (Map.Entry<Path, FileHead> each : samples.entrySet()) {
            // Of a sample that it cannot read it ends the association, or itself.
            if (each.getKey().toString().contains("Deeply-Nested")) {
                continue;
            }
            try (Sender sender = Sender.open(to, List.of(each.getValue()), Timing.USUAL)) {
                taken += sender.store(each.getKey(), each.getValue()).equals(Optional.of(0)) ? 1 : 0;
            } catch (IOException refused) {
                assertTrue(IS_LONG, each.getKey() + " " + refused.getMessage());
            }
        }
        assertTrue(taken >= (IS_LONG ? 55 : FEW.size()), "Orthanc took " + taken);
        HttpClient client = HttpClient.newHttpClient();
        String ids = ask(client, http, "/instances", null);
        Matcher id = Pattern.compile("\"([0-9a-f-]{44})\"").matcher(ids);
        int offered = 0;
        int failed = 0;
        while (id.find()) {
            offered++;
            failed += ask(client, http, "/modalities/wasla/store", id.group(1)).contains("\"HttpError\"") ? 1 : 0;
        }
        Held held = held(samples);
        assertEquals(offered - failed, held.stored());
        assertTrue(failed <= (IS_LONG ? 5 : 0) && held.same() > 0, held + " of " + offered);
    }

    private static String ask(HttpClient client, int port, String path, @org.jspecify.annotations.Nullable String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static final String NODE = """
            const { Client, requests } = require('dcmjs-dimse');
            process.on('uncaughtException', () => process.exit(3));
            const [port, file] = process.argv.slice(2);
            const request = new requests.CStoreRequest(file);
            request.on('response', (answer) => { process.exitCode = answer.getStatus() === 0 ? 0 : 1; });
            const client = new Client();
            client.addRequest(request);
            client.on('networkError', () => process.exit(2));
            client.send('127.0.0.1', Number(port), 'CT1', 'WASLA');
            """;

    /** It is in no distribution: {@code npm install dcmjs-dimse} somewhere, and {@code NODE_PATH} says where. */
    @Test
    void dcmjsSends() throws Exception {
        String modules = String.valueOf(System.getenv("NODE_PATH"));
        Assumptions.assumeTrue(
                Files.isDirectory(Path.of(modules, "dcmjs-dimse")),
                "dcmjs-dimse is not installed: npm install dcmjs-dimse, and NODE_PATH its node_modules");
        String node = Tool.need("node", "nodejs");
        Path script = Files.writeString(work.resolve("send.js"), NODE);
        try (Receiver receiver = Receiver.start(dir)) {
            String port = Integer.toString(receiver.port());
            Held held = send(file -> List.of(node, script.toString(), port, file.toString()), receiver, fewer());
            assertTrue(held.stored() >= (IS_LONG ? 60 : SLOW.size()), held.toString());
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
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
