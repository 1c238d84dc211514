package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * A whole agent, a real broker, analysers on a real socket and a real terminal: what the platform orders is what an
 * analyser is told, over a restart, and nobody else is told for whom. The test is the platform and the analysers.
 */
class OrdersIT {
    private static final List<String> SECRETS = List.of("SECRET", "Familyname");
    private static final int WAIT_MS = Wire.WAIT_MS;
    private static final String PROFILE = """
            wasla: 1
            id: %s
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: analyser}
            codec: {astm: {packing: record%s}}
            results: {specimen: O.3}
            """;
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices:
              - {id: lab-tcp, profile: asks, link: "tcp:127.0.0.1:%d"}
              - {id: lab-pty, profile: gets, link: "serial:%s"}
              - {id: lab-bc, profile: mindray-bc, link: "tcp:127.0.0.1:%d"}
              - {id: mon-1, profile: typed, link: "tcp:127.0.0.1:%d"}
            patient: {authority: CHU}
            """;
    private static final String MONITOR = """
            wasla: 1
            id: typed
            version: 1.0.0
            device: {makers: [Maker], models: [M1], kind: monitor}
            codec: {hl7: {content: device, typed: true}}
            """;
    private static final String PATIENT =
            "\"pat\":{\"id\":\"SECRET4711\",\"family\":\"Familyname\",\"given\":\"A\",\"birth\":\"1970-01-31\",\"sex\":\"F\"}";
    private static final String TOLD = "P|1|SECRET4711|||Familyname^A||19700131|F";

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> heard = new ArrayList<>();

    private Config config(int broker, int device, Path terminal, int counter, int monitor) throws IOException {
        BoxFiles.profile(folder, "typed", MONITOR);
        String sends = ", orders: {download: 'H|\\^&|||wasla|||||TSDWN^BATCH'}";
        for (List<String> each : List.of(List.of("asks", ""), List.of("gets", sends))) {
            BoxFiles.profile(folder, each.get(0), String.format(PROFILE, each.get(0), each.get(1)));
        }
        return BoxFiles.config(
                folder, String.format(CONFIG, broker, folder.resolve("buffer"), device, terminal, counter, monitor));
    }

    /** Who gives orders, and hears what comes of them. */
    private record Platform(MqttAsyncClient client, Ear ear) implements AutoCloseable {
        static Platform of(Mosquitto broker) throws MqttException {
            MqttAsyncClient client =
                    new MqttAsyncClient("tcp://127.0.0.1:" + broker.port(), "lis", new MemoryPersistence());
            client.connect().waitForCompletion(WAIT_MS);
            return new Platform(client, new Ear(broker.port()));
        }

        void order(String verb, String json) throws MqttException {
            MqttMessage message =
                    new MqttMessage(json.getBytes(StandardCharsets.UTF_8), 1, false, new MqttProperties());
            message.getProperties().setResponseTopic("wasla/1/ma-06/chu-1/gw-1/rsp/lis");
            client.publish("wasla/1/ma-06/chu-1/gw-1/cmd/" + verb, message).waitForCompletion(WAIT_MS);
        }

        @Override
        public void close() throws MqttException {
            ear.close();
            client.disconnect().waitForCompletion(WAIT_MS);
            client.close();
        }
    }

    /** Gives an order and waits for what came of it. */
    private static String ordered(Platform platform, String jti, String orders) throws Exception {
        return answered(
                platform, "worklist", "{\"v\":1,\"jti\":\"" + jti + "\",\"ttl\":3600,\"orders\":[" + orders + "]}");
    }

    private static String answered(Platform platform, String verb, String json) throws Exception {
        Ear ear = platform.ear();
        int before = ear.texts("rsp/lis").size();
        platform.order(verb, json);
        Ear.until("an answer to " + json, WAIT_MS, () -> ear.texts("rsp/lis").size() > before);
        return ear.texts("rsp/lis").get(before);
    }

    /** The first agent may have opened its line again while it ended: that one is nobody's any more. */
    private static void forget(ServerSocket device) throws IOException {
        int patienceMs = device.getSoTimeout();
        device.setSoTimeout(100);
        try {
            while (true) {
                device.accept().close();
            }
        } catch (SocketTimeoutException none) {
            device.setSoTimeout(patienceMs);
        }
    }

    private static String put(String id, String specimen, String device, String patient) {
        return "{\"id\":\"" + id + "\",\"op\":\"put\",\"specimen\":\"" + specimen
                + "\",\"tests\":[\"GLU\",\"K\"],\"prio\":\"S\",\"dev\":[\"" + device + "\"]," + patient + "}";
    }

    @Test
    void whatIsOrderedIsWhatTheAnalyserIsTold() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        try (Mosquitto broker = Mosquitto.start(folder);
                ServerSocket device = BoxFiles.device();
                ServerSocket counter = BoxFiles.device();
                ServerSocket monitor = BoxFiles.device();
                Pty pty = Pty.open()) {
            Config config = config(
                    broker.port(), device.getLocalPort(), pty.path(), counter.getLocalPort(), monitor.getLocalPort());
            try (Agent agent = new Agent(config, "test");
                    Platform platform = Platform.of(broker)) {
                agent.start();
                // Before the box has subscribed once, nobody keeps an order for it.
                Ear.until("orders can come in", WAIT_MS, () -> isLogged("downlink connected"));
                try (Socket line = device.accept();
                        Socket asking = counter.accept();
                        Socket bedside = monitor.accept()) {
                    commandsAreAnswered(platform, Wire.of(line));
                    downloadGivesWayAndIsRepeated(platform.ear(), Wire.of(pty));
                    anAnalyserAsksByHl7(Wire.of(asking));
                    aDeviceIsPutOnAPatientAndOff(platform, Wire.of(bedside));
                }
                platform.ear().heard().forEach(each -> heard.add(each.topic() + " " + each.text()));
            }
            forget(device);
            try (Agent agent = new Agent(config, "test");
                    Platform platform = Platform.of(broker)) {
                agent.start();
                try (Socket line = device.accept()) {
                    afterARestart(platform, Wire.of(line), Wire.of(pty));
                }
                platform.ear().heard().forEach(each -> heard.add(each.topic() + " " + each.text()));
            }
        } finally {
            root.detachAppender(log);
        }
        nothingIsClear();
    }

    private static void commandsAreAnswered(Platform platform, Wire line) throws Exception {
        String both = put("o-1", "S77", "lab-tcp", PATIENT) + "," + put("o-2", "S78", "lab-pty", PATIENT);
        String done = ordered(platform, "w-1", both);
        assertEquals("{\"v\":1,\"jti\":\"w-1\",\"verb\":\"worklist\",\"s\":\"done\",\"n\":2,\"missing\":[]}", done);
        String wrong = ordered(platform, "w-2", put("o-3", "S77", "lab-x", "\"pat\":{\"id\":\"SECRET4711\"}"));
        assertTrue(wrong.contains("\"s\":\"refused\",\"n\":0"), wrong);
        assertTrue(wrong.contains("dev is 'lab-x', no device of this box; write one of lab-bc, lab-pty"), wrong);
        String other = ordered(platform, "w-3", put("o-3", "S77", "lab-tcp", "\"pat\":{\"id\":\"12\"}"));
        assertTrue(other.contains("which is another patient's"), other);
        assertEquals(
                List.of(
                        "H|\\^&|||wasla|||||||P|1",
                        TOLD,
                        "O|1|S77|1^50001^5^^S1^SC|^^^GLU\\^^^K|S||||||A||||||||||||||Q",
                        "L|1|N"),
                Wire.ask(line, "^^S77^1^50001^5^^S1^SC"));
        assertEquals(List.of("H|\\^&|||wasla|||||||P|1", "L|1|I"), Wire.ask(line, "^^S78^1"));
        ordered(platform, "w-4", "{\"id\":\"o-1\",\"op\":\"cancel\"}");
        assertEquals("L|1|I", Wire.ask(line, "S77").get(1));
        // The broker may give it again; what was cancelled since stays so.
        assertEquals(done, ordered(platform, "w-1", both));
        assertEquals("L|1|I", Wire.ask(line, "S77").get(1));
        ordered(platform, "w-5", put("o-4", "S79", "lab-tcp", PATIENT) + "," + put("o-5", "S81", "lab-bc", PATIENT));
    }

    private static void downloadGivesWayAndIsRepeated(Ear ear, Wire line) throws Exception {
        Wire.assertHeard(Wire.ENQ, line);
        line.write("" + Wire.ENQ);
        Wire.say(line, "H|\\^&\rP|1\rO|1|S5\rR|1|^^^GLU|5.40|mmol/L\rL|1|N\r");
        Ear.until(
                "the instrument's result",
                WAIT_MS,
                () -> !ear.texts("d/lab-pty/res").isEmpty());
        Wire.assertHeard(Wire.ENQ, line);
        line.write("" + Wire.ACK);
        for (int i = 0; i < 6; i++) {
            assertEquals("H|\\^&|||wasla|||||TSDWN^BATCH", Wire.frame(line));
            line.write("" + Wire.NAK);
        }
        Wire.assertHeard(Wire.EOT, line);
        // It speaks again: now it may listen, too.
        line.write("" + Wire.ENQ);
        Wire.assertHeard(Wire.ACK, line);
        line.write("" + Wire.EOT);
        assertEquals(
                List.of(TOLD, "O|1|S78||^^^GLU\\^^^K|S||||||A||||||||||||||O", "L|1|N"),
                Wire.message(line).subList(1, 4));
    }

    private static void anAnalyserAsksByHl7(Wire line) throws IOException {
        String header = "\u000bMSH|^~\\&|BC|Mindray|||20260616080000||";
        line.write(header + "ORM^O01|1|P|2.3.1\rORC|RF||S79||IP\r\u001c\r");
        // What is ordered of one analyser is not told to another.
        assertEquals("MSA|AE|1", Wire.mllp(line).get(1));
        line.write(header + "QRY^Q02|2|P|2.3.1\rQRD|20260616080000|R|D|1|||RD|S81|OTH|||T|\r\u001c\r");
        assertEquals("QAK|SR|OK|", Wire.mllp(line).get(3));
        assertTrue(Wire.mllp(line).contains("DSP|29||GLU^^^|||"));
    }

    private static String associate(Platform platform, String jti, String patient) throws Exception {
        String pat = patient.isEmpty() ? "null" : "{\"id\":\"" + patient + "\"}";
        return answered(
                platform,
                "associate",
                "{\"v\":1,\"jti\":\"" + jti + "\",\"dev\":\"mon-1\",\"who\":\"SECRETNURSE\",\"pat\":" + pat + "}");
    }

    /** @return the record with this value */
    private static String measured(Ear ear, Wire line, int value, String patient) throws Exception {
        line.write("\u000bMSH|^~\\&|M||||20260616080000||ORU^R01|" + value + "|P|2.6\rPID|||" + patient
                + "\rOBR|1\rOBX|1|NM|149530^MDC_PULS_OXIM_PULS_RATE^MDC|1.1.1.1|" + value
                + "|/min^^UCUM|||||F\r\u001c\r");
        assertTrue(Wire.mllp(line).get(1).startsWith("MSA|AA"));
        String[] found = new String[1];
        Ear.until("value " + value, WAIT_MS, () -> {
            found[0] = ear.texts("d/mon-1/obs").stream()
                    .filter(text -> text.contains("\"v\":" + value + ","))
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    private static void aDeviceIsPutOnAPatientAndOff(Platform platform, Wire line) throws Exception {
        Ear ear = platform.ear();
        // Entered at the monitor: told, but nobody vouches for it.
        String typed = measured(ear, line, 71, "SECRET4711");
        assertTrue(!typed.contains("\"pat\"") && !typed.contains("4711"), typed);
        Ear.until(
                "asserted by the device",
                WAIT_MS,
                () -> ear.texts("d/mon-1/evt").stream()
                        .anyMatch(text -> text.contains("\"src\":\"device\"") && text.contains("\"st\":\"R\"")));
        assertTrue(associate(platform, "a-1", "SECRET99").contains("known neither"));
        assertTrue(associate(platform, "a-2", "SECRET4711").contains("\"s\":\"done\",\"n\":1"));
        assertTrue(measured(ear, line, 72, "SECRET4711").contains("\"how\":\"typed\",\"st\":\"F\""));
        ordered(platform, "w-7", put("o-7", "S82", "lab-tcp", "\"pat\":{\"id\":\"SECRET12\"}"));
        assertTrue(associate(platform, "a-3", "SECRET12").contains("on another patient; end that first"));
        assertTrue(associate(platform, "a-4", "").contains("\"done\""));
        String off = measured(ear, line, 73, "SECRET4711");
        assertTrue(!off.contains("\"pat\""), off);
        assertTrue(associate(platform, "a-5", "").contains("the device is on nobody"));
        assertTrue(associate(platform, "a-4", "").contains("\"done\""), "given again, and done already");
        Ear.until(
                "the platform's word is told",
                WAIT_MS,
                () -> ear.texts("d/mon-1/evt").stream()
                        .anyMatch(text -> text.contains("\"src\":\"command\"") && text.contains("\"who\":\"o:")));
    }

    /** The book is on disk; what was taken is not sent again. */
    private static void afterARestart(Platform platform, Wire line, Wire terminal) throws Exception {
        assertEquals(
                "O|1|S79||^^^GLU\\^^^K|S||||||A||||||||||||||Q",
                Wire.ask(line, "S79").get(2));
        ordered(platform, "w-6", put("o-6", "S80", "lab-pty", PATIENT));
        assertEquals(
                "O|1|S80||^^^GLU\\^^^K|S||||||A||||||||||||||O",
                Wire.message(terminal).get(2));
    }

    private boolean isLogged(String message) {
        return List.copyOf(log.list).stream()
                .anyMatch(event -> event.getFormattedMessage().contains(message));
    }

    /** For whom it is goes to the analyser alone. */
    private void nothingIsClear() throws IOException {
        List<String> texts = new ArrayList<>(heard);
        texts.removeIf(text -> text.contains("/cmd/"));
        log.list.forEach(event -> texts.add(event.getFormattedMessage()));
        for (String dir : List.of("buffer", "buffer-patients")) {
            try (Stream<Path> files = Files.walk(folder.resolve(dir))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        assertTrue(texts.size() > 30, "too little was heard: " + texts.size());
        for (String secret : SECRETS) {
            assertTrue(texts.stream().noneMatch(text -> text.contains(secret)), secret + " came out");
        }
    }
}
