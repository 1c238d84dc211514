package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
import org.wasla.gateway.codec.AstmFrames;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * A whole agent, a real broker, analysers on a real socket and a real terminal: what the platform orders is what an
 * analyser is told, over a restart, and nobody else is told for whom. The test is the platform and the analysers.
 */
class OrdersIT {
    private static final List<String> SECRETS = List.of("SECRET4711", "Familyname");
    private static final int WAIT_MS = 20_000;
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
            """;
    private static final String PATIENT =
            "\"pat\":{\"id\":\"SECRET4711\",\"family\":\"Familyname\",\"given\":\"A\",\"birth\":\"1970-01-31\",\"sex\":\"F\"}";
    private static final String TOLD = "P|1|SECRET4711|||Familyname^A||19700131|F";
    private static final char ENQ = '\5';
    private static final char ACK = '\6';
    private static final char NAK = '\25';
    private static final char EOT = '\4';

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> heard = new ArrayList<>();

    /** An analyser's end of a line. */
    private interface Wire {
        /** @return the next byte, or less when none comes */
        int read() throws IOException;

        void write(String text) throws IOException;
    }

    private static Wire wire(Socket socket) throws IOException {
        socket.setSoTimeout(WAIT_MS);
        return new Wire() {
            @Override
            public int read() throws IOException {
                return socket.getInputStream().read();
            }

            @Override
            public void write(String text) throws IOException {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        };
    }

    private static Wire wire(Pty pty) {
        return new Wire() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return pty.read(one, WAIT_MS) == 1 ? one[0] & 0xff : -1;
            }

            @Override
            public void write(String text) throws IOException {
                pty.write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        };
    }

    private static void assertHeard(char expected, Wire line) throws IOException {
        assertEquals(expected, line.read());
    }

    /** @return the text of the next frame */
    private static String frame(Wire line) throws IOException {
        StringBuilder frame = new StringBuilder();
        for (int octet = line.read(); octet != '\n'; octet = line.read()) {
            assertTrue(octet >= 0 && octet != EOT, "no frame: " + frame);
            frame.append((char) octet);
        }
        return frame.substring(2, frame.indexOf("\r"));
    }

    /** Takes the host's message from its ENQ to its EOT. @return its records */
    private static List<String> message(Wire line) throws IOException {
        assertHeard(ENQ, line);
        List<String> records = new ArrayList<>();
        do {
            line.write("" + ACK);
            records.add(frame(line));
        } while (!records.get(records.size() - 1).startsWith("L|"));
        line.write("" + ACK);
        assertHeard(EOT, line);
        return records;
    }

    private static void say(Wire line, String text) throws IOException {
        line.write(ENQ + AstmFrames.frame(1, Bytes.latin1(text), true).latin1() + EOT);
        assertHeard(ACK, line);
        assertHeard(ACK, line);
    }

    private static List<String> ask(Wire line, String range) throws IOException {
        say(line, "H|\\^&\rQ|1|" + range + "||ALL||||||||O\rL|1|N\r");
        return message(line);
    }

    private static ServerSocket device() throws IOException {
        ServerSocket device = new ServerSocket();
        device.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        device.setSoTimeout(WAIT_MS);
        return device;
    }

    private Config config(int broker, int device, Path terminal, int counter) throws IOException {
        String sends = ", orders: {download: 'H|\\^&|||wasla|||||TSDWN^BATCH'}";
        for (List<String> each : List.of(List.of("asks", ""), List.of("gets", sends))) {
            Files.writeString(
                    Files.createDirectories(folder.resolve("profiles/" + each.get(0)))
                            .resolve("profile.yaml"),
                    String.format(PROFILE, each.get(0), each.get(1)));
        }
        Path file = Files.writeString(
                folder.resolve("wasla.yaml"),
                String.format(CONFIG, broker, folder.resolve("buffer"), device, terminal, counter));
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles"), folder.resolve("profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private static void order(int port, String json) throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "lis", new MemoryPersistence());
        client.connect().waitForCompletion(WAIT_MS);
        MqttMessage message = new MqttMessage(json.getBytes(StandardCharsets.UTF_8), 1, false, new MqttProperties());
        message.getProperties().setResponseTopic("wasla/1/ma-06/chu-1/gw-1/rsp/lis");
        client.publish("wasla/1/ma-06/chu-1/gw-1/cmd/worklist", message).waitForCompletion(WAIT_MS);
        client.disconnect().waitForCompletion(WAIT_MS);
        client.close();
    }

    /** Gives an order and waits for what came of it. */
    private static String ordered(Mosquitto broker, Ear ear, String jti, String orders) throws Exception {
        int before = ear.texts("rsp/lis").size();
        order(broker.port(), "{\"v\":1,\"jti\":\"" + jti + "\",\"ttl\":3600,\"orders\":[" + orders + "]}");
        Ear.until("an answer to " + jti, WAIT_MS, () -> ear.texts("rsp/lis").size() > before);
        return ear.texts("rsp/lis").get(before);
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
                ServerSocket device = device();
                ServerSocket counter = device();
                Pty pty = Pty.open()) {
            Config config = config(broker.port(), device.getLocalPort(), pty.path(), counter.getLocalPort());
            try (Agent agent = new Agent(config, "test");
                    Ear ear = new Ear(broker.port())) {
                agent.start();
                // Before the box has subscribed once, nobody keeps an order for it.
                Ear.until("orders can come in", WAIT_MS, () -> isLogged("downlink connected"));
                try (Socket line = device.accept()) {
                    commandsAreAnswered(broker, ear, wire(line));
                    downloadGivesWayAndIsRepeated(ear, wire(pty));
                }
                ear.heard().forEach(each -> heard.add(each.topic() + " " + each.text()));
            }
            try (Agent agent = new Agent(config, "test");
                    Ear ear = new Ear(broker.port())) {
                agent.start();
                try (Socket line = device.accept()) {
                    afterARestart(broker, ear, wire(line), wire(pty));
                }
                ear.heard().forEach(each -> heard.add(each.topic() + " " + each.text()));
            }
        } finally {
            root.detachAppender(log);
        }
        nothingIsClear();
    }

    private static void commandsAreAnswered(Mosquitto broker, Ear ear, Wire line) throws Exception {
        String both = put("o-1", "S77", "lab-tcp", PATIENT) + "," + put("o-2", "S78", "lab-pty", PATIENT);
        String done = ordered(broker, ear, "w-1", both);
        assertEquals("{\"v\":1,\"jti\":\"w-1\",\"verb\":\"worklist\",\"s\":\"done\",\"n\":2,\"missing\":[]}", done);
        String wrong = ordered(broker, ear, "w-2", put("o-3", "S77", "lab-x", "\"pat\":{\"id\":\"SECRET4711\"}"));
        assertTrue(wrong.contains("\"s\":\"refused\",\"n\":0"), wrong);
        assertTrue(wrong.contains("dev is 'lab-x', no device of this box; write one of lab-bc, lab-pty"), wrong);
        String other = ordered(broker, ear, "w-3", put("o-3", "S77", "lab-tcp", "\"pat\":{\"id\":\"12\"}"));
        assertTrue(other.contains("which is another patient's"), other);
        assertEquals(
                List.of(
                        "H|\\^&|||wasla|||||||P|1",
                        TOLD,
                        "O|1|S77|1^50001^5^^S1^SC|^^^GLU\\^^^K|S||||||A||||||||||||||Q",
                        "L|1|N"),
                ask(line, "^^S77^1^50001^5^^S1^SC"));
        assertEquals(List.of("H|\\^&|||wasla|||||||P|1", "L|1|I"), ask(line, "^^S78^1"));
        ordered(broker, ear, "w-4", "{\"id\":\"o-1\",\"op\":\"cancel\"}");
        assertEquals("L|1|I", ask(line, "S77").get(1));
        // The broker may give it again; what was cancelled since stays so.
        assertEquals(done, ordered(broker, ear, "w-1", both));
        assertEquals("L|1|I", ask(line, "S77").get(1));
        ordered(broker, ear, "w-5", put("o-4", "S79", "lab-tcp", PATIENT));
    }

    private static void downloadGivesWayAndIsRepeated(Ear ear, Wire line) throws Exception {
        assertHeard(ENQ, line);
        line.write("" + ENQ);
        say(line, "H|\\^&\rP|1\rO|1|S5\rR|1|^^^GLU|5.40|mmol/L\rL|1|N\r");
        Ear.until(
                "the instrument's result",
                WAIT_MS,
                () -> !ear.texts("d/lab-pty/res").isEmpty());
        assertHeard(ENQ, line);
        line.write("" + ACK);
        for (int i = 0; i < 6; i++) {
            assertEquals("H|\\^&|||wasla|||||TSDWN^BATCH", frame(line));
            line.write("" + NAK);
        }
        assertHeard(EOT, line);
        // It speaks again: now it may listen, too.
        line.write("" + ENQ);
        assertHeard(ACK, line);
        line.write("" + EOT);
        assertEquals(
                List.of(TOLD, "O|1|S78||^^^GLU\\^^^K|S||||||A||||||||||||||O", "L|1|N"),
                message(line).subList(1, 4));
    }

    /** The book is on disk; what was taken is not sent again. */
    private static void afterARestart(Mosquitto broker, Ear ear, Wire line, Wire terminal) throws Exception {
        assertEquals(
                "O|1|S79||^^^GLU\\^^^K|S||||||A||||||||||||||Q",
                ask(line, "S79").get(2));
        ordered(broker, ear, "w-6", put("o-6", "S80", "lab-pty", PATIENT));
        assertEquals(
                "O|1|S80||^^^GLU\\^^^K|S||||||A||||||||||||||O",
                message(terminal).get(2));
    }

    private boolean isLogged(String message) {
        return List.copyOf(log.list).stream()
                .anyMatch(event -> event.getFormattedMessage().contains(message));
    }

    /** For whom it is goes to the analyser alone. */
    private void nothingIsClear() throws IOException {
        List<String> texts = new ArrayList<>(heard);
        texts.removeIf(text -> text.contains("/cmd/worklist "));
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
