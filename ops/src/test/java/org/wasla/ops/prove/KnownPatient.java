package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.ops.prove.Platform.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.Sender;
import org.wasla.gateway.trust.Ed25519;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Keyring;
import org.wasla.gateway.trust.SignedCommand;

/**
 * A patient whose names are known to the test, fed to a box on every way in, right and wrong: the hospital's messages, results
 * of analysers, images, orders, a scanner of codes, an oximeter. One thread.
 */
final class KnownPatient {
    static final List<String> IDENTIFIERS = List.of(
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
    private static final String TOPIC = "wasla/1/ma-06/proof/gw-leak/";
    private static final String IMAGE_CLASS = "1.2.840.10008.5.1.4.1.1.1";
    private static final long WAIT_MS = 60_000;
    private static final String OXIMETER = "06/16/26 08:00:04 SN=0000990002 SPO2=097%% BPM=%03d PI=03.20%% SPCO=--.-%%"
            + " SPMET=--.-%% DESAT=-- PIDELTA=+-- ALARM=0000 EXC=000800\r\n";

    private static final KeyPair SYSTEM = pair();
    private static final long END_S = 4_102_444_800L;

    private final Path folder;
    private final Map<String, String> ports;

    /** @param ports of the box, by name */
    KnownPatient(Path folder, Map<String, String> ports) {
        this.folder = folder;
        this.ports = Map.copyOf(ports);
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

    void hospital() throws IOException {
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

    void laboratory() throws IOException {
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

    void images() throws IOException {
        for (int number = 1; number <= 4; number++) {
            String uid = number == 4 ? "../../../../escape" : "2.25.881." + number;
            byte[] head = FileHead.write(IMAGE_CLASS, uid, Uids.EXPLICIT_LITTLE, "");
            DataSetBytes data = DataSetBytes.explicit()
                    .text(0x0008_0016, "UI", IMAGE_CLASS)
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
            FileHead object = new FileHead(IMAGE_CLASS, uid, Uids.EXPLICIT_LITTLE, "", head.length);
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

    void orders(MqttAsyncClient client, Platform platform) throws Exception {
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

    /** A list of keys with that of a system which gives orders. */
    static String keys(PrivateKey root) {
        String list = "{\"v\":1,\"rev\":1,\"exp\":" + END_S + ",\"keys\":[{\"kid\":\"his-1\",\"x\":\""
                + Ed25519.text(SYSTEM.getPublic()) + "\",\"who\":\"his\",\"roles\":[\"system\"],\"exp\":" + END_S
                + "}]}";
        return Jws.sign("root", Keyring.TYPE, list.getBytes(StandardCharsets.UTF_8), root);
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** An order as a system signs it, for five minutes. */
    private static String signed(String leaf, String order) {
        long nowS = System.currentTimeMillis() / 1_000;
        String claims = "{\"v\":1,\"aud\":\"gw-leak\",\"verb\":\"" + leaf.substring("cmd/".length()) + "\",\"iat\":"
                + nowS + ",\"exp\":" + (nowS + 300) + ",";
        byte[] payload = order.replace("{\"v\":1,", claims).getBytes(StandardCharsets.UTF_8);
        return Jws.sign("his-1", SignedCommand.TYPE, payload, SYSTEM.getPrivate());
    }

    private static void publish(MqttAsyncClient client, String leaf, String order) throws Exception {
        String text = leaf.startsWith("cmd/") ? signed(leaf, order) : order;
        client.publish(TOPIC + leaf, text.getBytes(StandardCharsets.UTF_8), 1, false)
                .waitForCompletion(WAIT_MS);
    }

    void bedside(Socket oximeter, Socket scanner, Platform platform) throws IOException {
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
}
