package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.cli.Main;
import org.wasla.gateway.cli.Workshop;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.Sender;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * A busy box with patients whose names are known to the test, fed right and wrong on every way in, and with secrets that are
 * known too; then everything that it writes for others is searched for them: the log at its finest, all topics and messages,
 * health, and what its commands say.
 */
class NothingLeaksIT {
    private static final List<String> IDENTIFIERS = List.of(
            "Qaxfamily",
            "Qaxgiven",
            "Q4711883",
            "19521103",
            "1952-11-03",
            "Qaxdoctor",
            "Qaxstreet",
            "0612345678",
            "QXBADGE77",
            "Qaxnote");
    private static final String BROKER_PASSWORD = "Sx-broker-9137";
    private static final String STORE_PASSWORD = "Sx-store-5521";
    private static final String TOPIC = "wasla/1/ma-06/proof/gw-leak/";
    private static final String SC_IMAGE = "1.2.840.10008.5.1.4.1.1.1";
    private static final long WAIT_MS = 60_000;
    private static final String OXIMETER = "06/16/26 08:00:04 SN=0000990002 SPO2=097%% BPM=%03d PI=03.20%% SPCO=--.-%%"
            + " SPMET=--.-%% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n";

    @TempDir
    Path folder;

    private final Map<String, String> ports = new LinkedHashMap<>();
    /** What is searched, by where it comes from. */
    private final Map<String, String> said = new TreeMap<>();

    private int port(String name) throws IOException {
        int port = Mosquitto.freePort();
        ports.put(name, Integer.toString(port));
        return port;
    }

    private static ServerSocket device() throws IOException {
        ServerSocket device = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        device.setSoTimeout((int) WAIT_MS);
        return device;
    }

    private Path config(int broker, int oximeter, int scanner) throws Exception {
        String root = Ed25519.text(
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
        return Files.writeString(folder.resolve("wasla.yaml"), """
                gateway: {id: gw-leak, region: ma-06, site: proof, zone: Africa/Casablanca}
                uplink: {servers: ["mqtts://gateway:%1$s@localhost:%2$d"], ca: %3$s/ca.pem, key: %3$s/gateway.p12}
                buffer: {dir: %3$s/buffer, max: 64MiB, commit: 0ms}
                patient: {dir: %3$s/patients, authority: CHU}
                adt: {listen: %4$d, beds: {"REA1^^B07^CHU": rea1/b07}}
                dicom:
                  listen: %5$d
                  called: any
                  store: %3$s/dicom
                  quiet: 1s
                  tls: {key: %3$s/gateway.p12, listen: %6$d}
                fhir: {every: 10s}
                indicators: {on: true, minute: true}
                trust: {roots: [%7$s], keys: %3$s/keys.jws}
                devices:
                  - {id: oxi-1, profile: masimo-ascii1, location: rea1/b07, link: "tcp:127.0.0.1:%8$d"}
                  - {id: scan-1, profile: barcode-scanner, link: "tcp:127.0.0.1:%9$d"}
                  - {id: lab-1, profile: hl7-oru, location: lab, link: "listen:%10$d"}
                  - {id: lab-2, profile: astm-generic, location: lab, link: "listen:%11$d"}
                """.formatted(
                        BROKER_PASSWORD,
                        broker,
                        folder,
                        port("adt"),
                        port("dicom"),
                        port("dicom-tls"),
                        root,
                        oximeter,
                        scanner,
                        port("lab-1"),
                        port("lab-2")));
    }

    private Socket dial(String name) {
        Socket[] open = new Socket[1];
        await("the port of " + name, () -> {
            try {
                open[0] = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(ports.get(name)));
                open[0].setSoTimeout((int) WAIT_MS);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return open[0];
    }

    /** Not every wrong message is answered: the line is closed after it. */
    private void wrong(String name, String message) {
        try {
            mllp(name, message, true);
        } catch (IOException cut) {
            // As well as an answer.
        }
    }

    private String mllp(String name, String message, boolean isLast) throws IOException {
        try (Socket line = dial(name)) {
            byte[] bytes = message.replace('\n', '\r').getBytes(StandardCharsets.UTF_8);
            OutputStream out = line.getOutputStream();
            out.write(0x0b);
            out.write(bytes);
            out.write(new byte[] {0x1c, '\r'});
            if (isLast) {
                line.shutdownOutput();
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            for (int octet = line.getInputStream().read();
                    octet >= 0 && octet != 0x1c;
                    octet = line.getInputStream().read()) {
                answer.write(octet);
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private static String adt(String type, String pid) {
        return "MSH|^~\\&|HIS|CHU|WASLA|CHU|20260616080000||" + type + "|c1|P|2.5\nEVN||20260616080000\n" + pid
                + "PV1||I|REA1^^B07^CHU||||Qaxdoctor^Qaxdoctor\nNK1|1|Qaxfamily^Qaxgiven|||0612345678\n";
    }

    private static String pid(String birth) {
        return "PID|1||Q4711883^^^CHU^PI||Qaxfamily^Qaxgiven||" + birth + "|F|||Qaxstreet 7^^Fes||0612345678\n";
    }

    private void hospital() throws IOException {
        String admitted = mllp("adt", adt("ADT^A01", pid("19521103")), false);
        assertTrue(admitted.contains("MSA|AA") || admitted.contains("MSA|CA"), admitted);
        // wrong in every field, of no known kind, without its head, cut off, in another alphabet, and endless
        wrong("adt", adt("ADT^A01", pid("Qaxgiven").replace("Q4711883^^^CHU^PI", "^^^^Q4711883|Qaxfamily")));
        wrong("adt", adt("ADT^Z99", pid("19521103")));
        wrong("adt", adt("Qaxfamily^Qaxgiven", pid("19521103")));
        wrong("adt", pid("19521103"));
        wrong("adt", adt("ADT^A08", pid("19521103")).replace("2.5", "2.5||||||Qaxnote"));
        wrong("adt", adt("ADT^A40", pid("19521103") + "MRG|Q4711883^^^Qaxfamily\n"));
        wrong("adt", adt("QRY^A19", "QRD|20260616|R|I|Q1|||1|Q4711883^Qaxfamily|DEM\n"));
        try (Socket line = dial("adt")) {
            line.getOutputStream()
                    .write("PID||Q4711883||Qaxfamily".repeat(60_000).getBytes(StandardCharsets.UTF_8));
        } catch (IOException cut) {
            // It may close a line on which nothing comes but noise.
        }
    }

    private void laboratory() throws IOException {
        String results = "MSH|^~\\&|CHEM|LAB|||20260616080100||ORU^R01|m1|P|2.3.1\n" + pid("19521103")
                + "NTE|1||Qaxnote\nOBR|1|ORD1|SP-1001|PANEL^Panel^L|||20260616081000|||||||||Qaxdoctor\n"
                + "OBX|1|NM|6690-2^Test^LN||6.80|mmol/L|||||F|||20260616081000||QXBADGE77\n";
        assertTrue(mllp("lab-1", results, false).contains("MSA|AA|"));
        wrong("lab-1", results.replace("ORU^R01", "ORU^Qaxfamily").replace("OBR|1", "OBR|Qaxfamily"));
        wrong("lab-1", results.replace("MSH|^~\\&", "MSH|Qaxfamily"));
        try (Socket line = dial("lab-2")) {
            line.getOutputStream().write(5);
            assertEquals(6, line.getInputStream().read());
            frame(line, 1, "H|\\^&|||Analyser|||||||P|1\r");
            frame(line, 2, "P|1|Q4711883|||Qaxfamily^Qaxgiven||19521103|F||Qaxstreet||0612345678|Qaxdoctor\r");
            frame(line, 3, "C|1|I|Qaxnote|G\r");
            frame(line, 4, "O|1|SP-1002||^^^GLU|R\r");
            frame(line, 5, "R|1|^^^GLU|5.1|mmol/L||N||F||QXBADGE77||20260616080100\r");
            frame(line, 6, "L|1|N\r");
            line.getOutputStream().write(4);
        }
        try (Socket line = dial("lab-2")) {
            line.getOutputStream()
                    .write("\u0005\u00021P|Qaxfamily|Q4711883\r\u000300\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(line.getInputStream().read() >= 0);
        }
    }

    private static void frame(Socket line, int number, String record) throws IOException {
        String body = number + record + "\u0003";
        int sum = 0;
        for (byte each : body.getBytes(StandardCharsets.US_ASCII)) {
            sum += each;
        }
        String text = "\u0002" + body + String.format(Locale.ROOT, "%02X", sum & 0xff) + "\r\n";
        line.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        assertEquals(6, line.getInputStream().read(), record);
    }

    private void images() throws IOException {
        for (int number = 1; number <= 4; number++) {
            String uid = number == 4 ? "../../../../escape" : "2.25.881." + number;
            byte[] head = FileHead.write(SC_IMAGE, uid, Uids.EXPLICIT_LITTLE, "");
            DataSetBytes data = DataSetBytes.explicit()
                    .text(0x0008_0016, "UI", SC_IMAGE)
                    .text(0x0008_0018, "UI", uid)
                    .text(0x0008_0060, "CS", "DX")
                    .text(0x0008_0090, "PN", "Qaxdoctor^Qaxdoctor")
                    .text(0x0008_1070, "PN", "QXBADGE77")
                    .text(0x0010_0010, "PN", "Qaxfamily^Qaxgiven")
                    .text(0x0010_0020, "LO", "Q4711883")
                    .text(0x0010_0030, "DA", number == 2 ? "Qaxgiven" : "19521103")
                    .text(0x0010_1040, "LO", "Qaxstreet 7")
                    .text(0x0010_4000, "LT", "Qaxnote")
                    .text(0x0020_000d, "UI", "2.25.881.0.1")
                    .text(0x0020_000e, "UI", "2.25.881.0.2");
            byte[] body = data.toArray();
            // The third is cut within its last element.
            int length = number == 3 ? body.length - 5 : body.length;
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            file.writeBytes(head);
            file.write(body, 0, length);
            Path path = Files.write(folder.resolve("object.dcm"), file.toByteArray());
            FileHead object = new FileHead(SC_IMAGE, uid, Uids.EXPLICIT_LITTLE, "", head.length);
            Sender.Peer peer = new Sender.Peer("127.0.0.1", Integer.parseInt(ports.get("dicom")), "WASLA", "DX1");
            try (Sender sender = Sender.open(peer, List.of(object), Timing.USUAL)) {
                sender.store(path, object);
            }
            Files.delete(path);
        }
        for (String name : List.of("dicom", "dicom-tls")) {
            try (Socket line = dial(name)) {
                line.getOutputStream().write("Qaxfamily Q4711883\r\n".repeat(50).getBytes(StandardCharsets.US_ASCII));
                await("the refusal", () -> isOver(line));
            }
        }
    }

    private static boolean isOver(Socket line) {
        try {
            return line.getInputStream().read() < 0;
        } catch (IOException cut) {
            return true;
        }
    }

    private void orders(MqttAsyncClient client, Platform platform) throws Exception {
        String patient = "{\"id\":\"Q4711883\",\"auth\":\"CHU\",\"family\":\"Qaxfamily\",\"given\":\"Qaxgiven\","
                + "\"birth\":\"1952-11-03\",\"sex\":\"F\"}";
        String order = "{\"v\":1,\"jti\":\"w-%s\",\"ttl\":3600,\"orders\":[{\"id\":\"o-1\",\"op\":\"put\",\"specimen\":"
                + "\"S77\",\"tests\":[\"GLU\"],\"dev\":[\"lab-2\"],\"pat\":%s}]}";
        publish(client, "cmd/worklist", order.formatted("1", patient));
        publish(client, "cmd/worklist", order.formatted("2", patient.replace("1952-11-03", "Qaxgiven")));
        publish(client, "cmd/worklist", order.formatted("3", patient.replace("\"F\"", "\"Qaxfamily\"")));
        publish(client, "cmd/worklist", order.formatted("4", "\"Qaxfamily\""));
        publish(client, "cmd/worklist", "{\"v\":1,\"jti\":\"w-5\",\"pat\":{\"family\":\"Qaxfamily\"");
        String on = "{\"v\":1,\"jti\":\"a-%s\",\"dev\":\"lab-2\",\"pat\":%s,\"who\":\"QXBADGE77\"}";
        publish(client, "cmd/associate", on.formatted("1", "{\"id\":\"Q4711883\",\"auth\":\"CHU\"}"));
        publish(client, "cmd/associate", on.formatted("2", "{\"id\":\"Q4711883\",\"auth\":\"Qaxfamily\"}"));
        publish(client, "cmd/associate", on.formatted("3", "{\"id\":{\"family\":\"Qaxfamily\"}}"));
        publish(client, "cfg/desired", "{\"v\":1,\"family\":\"Qaxfamily\"}");
        await(
                "answers",
                () -> platform.messages().stream()
                                .filter(each -> each.topic().startsWith(TOPIC + "rsp/"))
                                .count()
                        >= 7);
        await(
                "the refused state",
                () -> platform.messages().stream()
                        .anyMatch(each -> each.topic().endsWith("cfg/reported")
                                && each.payload().contains("refused")));
    }

    private static void publish(MqttAsyncClient client, String leaf, String text) throws Exception {
        client.publish(TOPIC + leaf, text.getBytes(StandardCharsets.UTF_8), 1, false)
                .waitForCompletion(WAIT_MS);
    }

    private void bedside(Socket oximeter, Socket scanner, Platform platform) throws IOException {
        OutputStream scans = scanner.getOutputStream();
        for (String code : List.of(
                "wasla:operator:QXBADGE77;",
                "wasla:patient:Q4711883;",
                "wasla:device:oxi-1;",
                "Qaxfamily Q4711883",
                "wasla:patient:",
                "wasla:device:Qaxfamily;",
                "wasla:patient:0612345678;")) {
            scans.write((code + "\r").getBytes(StandardCharsets.US_ASCII));
        }
        scans.flush();
        OutputStream values = oximeter.getOutputStream();
        int[] pulse = {60};
        await("values of a patient", () -> {
            try {
                pulse[0] = pulse[0] % 200 + 1;
                values.write(String.format(Locale.ROOT, OXIMETER, pulse[0]).getBytes(StandardCharsets.US_ASCII));
                values.write("06/16/26 Qaxfamily SN=Q4711883\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException cut) {
                throw new java.io.UncheckedIOException(cut);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            return platform.messages().stream()
                    .anyMatch(each ->
                            each.topic().endsWith("oxi-1/obs") && each.payload().contains("\"ref\":\"p:"));
        });
    }

    /** What the commands say beside a running agent, and of files that are wrong. */
    private void ask(Path config) throws Exception {
        String file = config.toString();
        verb("check", 1, "check", "--config", file);
        verb("status", 0, "buffer", "status", "--config", file);
        verb("health", 0, "buffer", "status", "--json", "--config", file);
        verb("imaging", 0, "imaging", "status", "--config", file);
        verb("list", 0, "imaging", "list", "--json", "--config", file);
        verb(
                "bundle",
                1,
                "bundle",
                "show",
                folder.resolve("buffer/trust/box.key").toString());
        String wrong = Files.readString(config)
                .replace("mqtts://gateway", "http://gateway")
                .replace("zone:", "zne:")
                .replace("ca.pem", "no.pem")
                .replace("site: proof", "site: Proof");
        verb(
                "mistakes",
                2,
                "check",
                "--config",
                Files.writeString(folder.resolve("wrong.yaml"), wrong).toString());
        String plain = Files.readString(config)
                .replace("mqtts://gateway", "mqtt://gateway")
                .replace("localhost", "example.org");
        verb(
                "plain",
                2,
                "check",
                "--config",
                Files.writeString(folder.resolve("plain.yaml"), plain).toString());
        String mark = Files.readString(config).replace("@localhost", "@local host");
        verb(
                "uri",
                2,
                "check",
                "--config",
                Files.writeString(folder.resolve("uri.yaml"), mark).toString());
    }

    /** In this process: a process each would take longer than all the rest. */
    private void verb(String name, int code, String... args) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        int ended;
        try (PrintStream both = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            ended = Main.run(Workshop.NONE, args);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        said.put("wasla " + name, text.toString(StandardCharsets.UTF_8));
        assertEquals(code, ended, name + ": " + text.toString(StandardCharsets.UTF_8));
    }

    /** Keys as they stand in their files, and what of them could stand elsewhere. */
    private Map<String, String> secrets() throws IOException {
        Map<String, String> secrets = new TreeMap<>();
        secrets.put("password of the broker", BROKER_PASSWORD);
        secrets.put("password of the key store", STORE_PASSWORD);
        secrets.put(
                "the box's key",
                Files.readAllLines(folder.resolve("buffer/trust/box.key")).get(0));
        String[] site =
                Files.readString(folder.resolve("patients/site.key")).strip().split(" ");
        secrets.put("the site's key for pseudonyms", site[2]);
        secrets.put("the site's key for names", site[3]);
        secrets.put(
                "the box's TLS key",
                Files.readAllLines(folder.resolve("gateway.key")).get(1));
        return secrets;
    }

    /** Where one of them stands, in clear or in hex, whatever the case. */
    private List<String> found(Map<String, String> wanted) {
        List<String> found = new ArrayList<>();
        wanted.forEach((what, text) -> {
            String small = text.toLowerCase(Locale.ROOT);
            String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
            said.forEach((where, all) -> {
                String lower = all.toLowerCase(Locale.ROOT);
                int at = Math.max(lower.indexOf(small), lower.indexOf(hex));
                if (at >= 0) {
                    found.add(what + " in " + where + ": ..."
                            + all.substring(Math.max(0, at - 120), Math.min(all.length(), at + 60)));
                }
            });
        });
        return found;
    }

    @Test
    void noPatientAndNoSecretIsToldToWhoeverReadsAlong() throws Exception {
        System.setProperty(
                "wasla.profiles", Tool.ROOT.resolve("device-profiles").toString());
        TlsFiles tls = TlsFiles.make(folder, STORE_PASSWORD);
        int secure = Mosquitto.freePort();
        Process agent = null;
        try (Mosquitto broker = Mosquitto.start(folder, tls.listener(secure));
                Platform platform = new Platform(broker.port());
                ServerSocket oximeter = device();
                ServerSocket scanner = device()) {
            Path config = config(secure, oximeter.getLocalPort(), scanner.getLocalPort());
            Path log = folder.resolve("agent.log");
            agent = Tool.start(log, Map.of("WASLA_LOG", "TRACE"), "run", "--config", config.toString());
            MqttAsyncClient client =
                    new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "platform-cmd", new MemoryPersistence());
            client.connect().waitForCompletion(WAIT_MS);
            try (Socket values = oximeter.accept();
                    Socket scans = scanner.accept()) {
                hospital();
                bedside(values, scans, platform);
                laboratory();
                images();
                await(
                        "the connection downwards",
                        () -> platform.messages().stream()
                                .anyMatch(each -> each.topic().endsWith("/state")));
                orders(client, platform);
                await("results", () -> platform.records("lab-1", "res") > 0 && platform.records("lab-2", "res") > 0);
                await(
                        "images",
                        () -> platform.messages().stream()
                                .anyMatch(each -> each.payload().contains("\"DX\"")));
                ask(config);
            }
            client.disconnect().waitForCompletion(WAIT_MS);
            client.close();
            agent.destroy();
            assertTrue(agent.waitFor(30, TimeUnit.SECONDS));
            said.put("the log", Files.readString(log));
            verb("verify", 0, "audit", "verify", "--config", config.toString());
            verb("buffer", 0, "buffer", "verify", "--config", config.toString());
            platform.messages().forEach(each -> {
                boolean isOurs = each.topic().contains("/cmd/") || each.topic().endsWith("cfg/desired");
                said.merge("topics", each.topic() + "\n", String::concat);
                said.merge(isOurs ? "" : "messages", each.topic() + " " + each.payload() + "\n", String::concat);
            });
        } finally {
            if (agent != null) {
                agent.destroyForcibly();
            }
        }
        said.remove("");
        files();
        try (Stream<Path> all = Files.walk(folder)) {
            assertFalse(all.anyMatch(each -> each.toString().contains("escape")), "files are named by the box");
        }
        Map<String, String> wanted = secrets();
        IDENTIFIERS.forEach(each -> wanted.put("a patient's " + each, each));
        assertEquals(List.of(), found(wanted));
        assertTrue(said.get("the log").contains(" DEBUG "), "the log at its finest");
        assertFalse(said.get("topics").isEmpty());
        // The search finds what is there.
        said.put("a control", "x " + HexFormat.of().formatHex("Qaxfamily".getBytes(StandardCharsets.UTF_8)) + " x");
        assertEquals(
                1,
                found(Map.of("the control", "QAXfamily".replace("QAX", "Qax"))).size());
    }

    /** What lies on the card, but for the images themselves: names only under the site's key. */
    private void files() throws IOException {
        for (String part : List.of("buffer", "patients")) {
            try (Stream<Path> all = Files.walk(folder.resolve(part))) {
                for (Path each : all.filter(Files::isRegularFile).toList()) {
                    String name = each.getFileName().toString();
                    // The last transmission of an analyser, word for word: SECURITY.md says so.
                    boolean isKnown = name.endsWith(".parts") || name.endsWith(".incomplete");
                    if (!isKnown && !name.equals("box.key") && !name.equals("site.key")) {
                        said.put(part + "/" + name, Files.readString(each, StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
    }
}
