package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/** A whole agent with real sockets and a real broker: who is in the bed, who is on the device, and whose the values are. */
class BedsideIT {
    private static final List<String> SECRETS = List.of("SECRET4711", "SECRET4712", "Familyname", "Nurse77");
    private static final long WAIT_MS = 20_000;
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices:
              - {id: vent-1, profile: talker, location: rea1/b07, aliases: [ASSET-9], link: "tcp:127.0.0.1:%d"}
              - {id: scan-1, profile: barcode-scanner, link: "tcp:127.0.0.1:%d"}
            adt: {listen: %d}
            patient: {authority: CHU}
            """;

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<Ear.Heard> heard = new ArrayList<>();

    private Config config(int broker, int device, int scanner, int adt) throws IOException {
        BoxFiles.profile(folder, "talker", BoxFiles.TALKER);
        return BoxFiles.config(folder, String.format(CONFIG, broker, folder.resolve("buffer"), device, scanner, adt));
    }

    private static String say(int port, String message) throws Exception {
        Socket[] socket = new Socket[1];
        Ear.until("the hospital port opens", WAIT_MS, () -> {
            try {
                socket[0] = new Socket(InetAddress.getLoopbackAddress(), port);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        try (Socket open = socket[0]) {
            open.setSoTimeout((int) WAIT_MS);
            open.getOutputStream()
                    .write(("\u000b" + message.replace('\n', '\r') + "\u001c\r").getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            int octet = open.getInputStream().read();
            while (octet >= 0 && octet != 0x1c) {
                answer.write(octet);
                octet = open.getInputStream().read();
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private static String time(long ms) {
        return DateTimeFormatter.ofPattern("yyyyMMddHHmmss")
                .format(Instant.ofEpochMilli(ms).atOffset(ZoneOffset.UTC));
    }

    private static String adt(String trigger, long timeMs) {
        return "MSH|^~\\&|HIS|CHU|WASLA|CHU|" + time(timeMs) + "||ADT^" + trigger + "|c1|P|2.5\nEVN||" + time(timeMs)
                + "\nPID|||SECRET4711^^^CHU^PI||Familyname^Given||19700101|F\nPV1||I|REA1^^B07^CHU\n";
    }

    private static void speak(Socket line, String text) throws IOException {
        line.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> records(Ear ear) {
        List<String> records = new ArrayList<>(ear.texts("d/vent-1/obs"));
        records.addAll(ear.texts("d/vent-1/obs-bf"));
        return records;
    }

    /** The record that has this value, once it has come. */
    private static String record(Ear ear, int value) throws Exception {
        String[] found = new String[1];
        Ear.until("value " + value, WAIT_MS, () -> {
            found[0] = records(ear).stream()
                    .filter(text -> text.contains("\"v\":" + value + "}"))
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    private static String event(Ear ear, String name, String... parts) throws Exception {
        String[] found = new String[1];
        Ear.until("event " + name, WAIT_MS, () -> {
            found[0] = ear.texts("d/vent-1/evt").stream()
                    .filter(text -> text.contains("\"e\":\"" + name + "\""))
                    .filter(text -> Stream.of(parts).allMatch(text::contains))
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    private static void board(Ear ear, String state) throws Exception {
        Ear.until("board " + state, WAIT_MS, () -> {
            List<String> texts = ear.texts("d/vent-1/association");
            return !texts.isEmpty() && texts.get(texts.size() - 1).contains("\"s\":\"" + state + "\"");
        });
    }

    @Test
    void whoseTheValuesAre() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        int port = Mosquitto.freePort();
        try (Mosquitto broker = Mosquitto.start(folder);
                ServerSocket device = BoxFiles.device();
                ServerSocket scanner = BoxFiles.device()) {
            Config config = config(broker.port(), device.getLocalPort(), scanner.getLocalPort(), port);
            try (Agent agent = new Agent(config, "test")) {
                agent.start();
                try (Socket line = device.accept();
                        Socket codes = scanner.accept()) {
                    String ref = bedThenScan(broker, port, line, codes);
                    lateAndEnd(broker, port, line, codes, ref);
                }
            }
        } finally {
            root.detachAppender(log);
        }
        nothingIsClear();
    }

    /** The bed names nobody; the scan does, also while the broker is down. */
    private String bedThenScan(Mosquitto broker, int port, Socket line, Socket codes) throws Exception {
        try (Ear ear = new Ear(broker.port())) {
            assertTrue(say(port, adt("A01", System.currentTimeMillis() - 3_600_000))
                    .contains("MSA|AA|c1"));
            event(ear, "association", "\"st\":\"R\"", "\"src\":\"adt\"");
            board(ear, "asserted");
            speak(line, "1001\r");
            assertFalse(record(ear, 1001).contains("\"pat\""));
            heard.addAll(ear.heard());
        }
        broker.kill();
        speak(codes, "wasla:operator:Nurse77;\rSECRET4711\rASSET-9\r");
        until("signal=ASSOCIATED");
        speak(line, "1002\r");
        broker.restart();
        try (Ear ear = new Ear(broker.port())) {
            String scanned = event(ear, "association", "\"st\":\"F\"", "\"how\":\"scanned\"", "\"who\":\"o:");
            String ref = scanned.replaceFirst(".*\"ref\":\"(p:[0-9a-f]{16})\".*", "$1");
            assertEquals(18, ref.length(), scanned);
            String record = record(ear, 1002);
            assertTrue(
                    record.contains(
                            "\"pat\":{\"ref\":\"" + ref + "\",\"as\":\"a-2\",\"how\":\"scanned\",\"st\":\"F\"}"),
                    record);
            board(ear, "on");
            heard.addAll(ear.heard());
            return ref;
        }
    }

    /** Scanned again: over. A late report gives the values of before their patient; a discharge ends it. */
    private void lateAndEnd(Mosquitto broker, int port, Socket line, Socket codes, String ref) throws Exception {
        try (Ear ear = new Ear(broker.port())) {
            speak(codes, "wasla:patient:SECRET4711;\r]C0wasla:device:vent-1;\r");
            event(ear, "association", "\"as\":\"a-2\"", "\"to\":");
            speak(line, "1003\r");
            String nobodys = record(ear, 1003);
            assertFalse(nobodys.contains("\"pat\""), nobodys);
            long beginMs = Long.parseLong(nobodys.replaceFirst(".*\"t\":(\\d+).*", "$1")) - 1_000;
            assertTrue(say(port, pcim("SECRET4712", beginMs)).contains("MSA|CA|n1"));
            String number = nobodys.replaceFirst(".*\"seq\":(\\d+).*", "$1");
            String corrected = event(
                    ear, "association-corrected", "\"ref\":\"p:", "\"of\":\"vent-1.obs\"", "\"to\":" + number + "}");
            // While it was scanned for the one and is reported for the other, it is nobody's.
            event(ear, "association-corrected", "\"why\":\"conflict\"");
            assertFalse(corrected.contains(ref), corrected);
            speak(line, "1004\r");
            assertTrue(record(ear, 1004).contains("\"how\":\"typed\""));
            String end = adt("A03", System.currentTimeMillis()).replace("SECRET4711", "SECRET4712");
            assertTrue(say(port, end).contains("MSA|AA"));
            speak(line, "1005\r");
            assertFalse(record(ear, 1005).contains("\"pat\""));
            heard.addAll(ear.heard());
        }
    }

    private static String pcim(String patient, long beginMs) {
        return "MSH|^~\\&|NURSE||MGR||" + time(beginMs) + "||ORU^R01^ORU_R01|n1|P|2.6|||AL|NE\nPID|||" + patient
                + "^^^CHU^PI\nOBR|1||7|69136^MDC_OBS_ASSOCIATION_PATIENT_DEVICE^MDC|||" + time(beginMs)
                + "\nOBX|1|CWE|68487^MDC_ATTR_EVT_COND^MDC||198332||||||F\nPRT|1|UC||EQUIP|||||b|asset-9|"
                + time(beginMs) + "\nPRT|2|UC||AUT|Nurse77\n";
    }

    private void until(String message) throws Exception {
        Ear.until(
                message,
                WAIT_MS,
                () -> List.copyOf(log.list).stream()
                        .anyMatch(event -> event.getFormattedMessage().contains(message)));
    }

    /** What went in as a number or a name comes out nowhere: no topic, payload, log line or file has it. */
    private void nothingIsClear() throws IOException {
        List<String> texts = new ArrayList<>();
        heard.forEach(each -> texts.add(each.topic() + " " + each.text() + " " + each.user()));
        log.list.forEach(event -> texts.add(event.getFormattedMessage() + " " + event.getThreadName()));
        for (Path dir : List.of(folder.resolve("buffer"), folder.resolve("buffer-patients"))) {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        assertTrue(texts.size() > 50, "too little was heard: " + texts.size());
        for (String secret : SECRETS) {
            assertTrue(texts.stream().noneMatch(text -> text.contains(secret)), secret + " came out");
        }
    }
}
