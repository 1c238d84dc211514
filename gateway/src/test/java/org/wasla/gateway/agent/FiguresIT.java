package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.panel.Controls;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Ear.Heard;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * A whole agent, a real broker, a hospital that tells of its patients, a platform that orders and a laboratory that answers: nothing
 * that was fed in comes out where nobody is to be known. All of it is invented.
 */
class FiguresIT {
    private static final int WAIT_MS = 30_000;
    private static final ZoneId ZONE = ZoneId.of("Africa/Casablanca");
    private static final long DAY_MS = 86_400_000;
    private static final String CONFIG = """
            gateway: {id: gw-zqx7741, region: ma-06, site: chu-zqxsite, zone: Africa/Casablanca}
            uplink: {servers: ["mqtt://127.0.0.1:%d"], compress: auto}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices:
              - {id: lab-zqx551, profile: hl7-oru, location: zqxunit/room-zqx9, link: "listen:%d"}
            adt: {listen: %d}
            patient: {authority: ZQXAUTH}
            indicators: {on: true, minute: true}
            epi: {on: true, site: university-hospital}
            """;
    /** Whose the results are. */
    private static final List<String> OF_PATIENTS = List.of(
            "IPP7740021",
            "ZQXAUTH",
            "Zqxfamily",
            "Zqxgiven",
            "zqxstreet 12",
            "0612349876",
            "TUBE998877",
            "ORDER-zqx-31",
            "FILLER-zqx-32",
            "VISIT-zqx-33",
            "Zqxdoctor",
            "zqx remark on the patient",
            "TUBE556644");
    /** Where they are from. */
    private static final List<String> OF_SOURCES = List.of(
            "gw-zqx7741",
            "chu-zqxsite",
            "lab-zqx551",
            "zqxunit",
            "room-zqx9",
            "SERIAL-zqx-900",
            "ZQXFACILITY",
            "MSG-zqx-1",
            "hl7-oru");

    @TempDir
    Path folder;

    private final AtomicLong aheadMs = new AtomicLong();
    private int labPort;
    private int adtPort;

    private Config config(int broker) throws IOException {
        labPort = Mosquitto.freePort();
        adtPort = Mosquitto.freePort();
        Path file = Files.writeString(
                folder.resolve("wasla.yaml"),
                String.format(CONFIG, broker, folder.resolve("buffer"), labPort, adtPort));
        Problems problems = new Problems();
        return new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
    }

    private Agent agent(Config config) throws IOException {
        return new Agent(config, "test", () -> System.currentTimeMillis() + aheadMs.get(), new Controls());
    }

    /** One message, and that it was taken. */
    private static void tell(int port, String... segments) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Wire line = Wire.of(socket);
                line.write("\u000b" + String.join("\r", segments) + "\r\u001c\r");
                String answer = Wire.mllp(line).toString();
                assertTrue(answer.contains("MSA|AA"), answer);
                return;
            } catch (java.net.ConnectException notYet) {
                assertTrue(System.nanoTime() - endNs < 0, "nobody listens on " + port);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private void admit() throws IOException {
        tell(
                adtPort,
                "MSH|^~\\&|HIS|ZQXFACILITY|W|CHU|20260616080000||ADT^A01|MSG-zqx-0|P|2.5",
                "EVN||20260616080000",
                "PID|||IPP7740021^^^ZQXAUTH^PI||Zqxfamily^Zqxgiven||19870309|F|||zqxstreet 12^^Town||0612349876",
                "PV1||I|zqxunit^room-zqx9^B1|||||Zqxdoctor|||||||||||VISIT-zqx-33");
    }

    /** Given again until it is answered: nobody keeps it before the box has subscribed once. */
    private static void order(int broker, Ear ear) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + broker, "lis", new MemoryPersistence());
        client.connect().waitForCompletion(WAIT_MS);
        String json = "{\"v\":1,\"jti\":\"w-1\",\"ttl\":3600,\"orders\":[{\"id\":\"ORDER-zqx-31\",\"op\":\"put\","
                + "\"specimen\":\"TUBE998877\",\"tests\":[\"GLU\"],\"pat\":{\"id\":\"IPP7740021\",\"auth\":\"ZQXAUTH\"}}]}";
        Ear.until("an answer to the order", WAIT_MS, () -> {
            MqttMessage message =
                    new MqttMessage(json.getBytes(StandardCharsets.UTF_8), 1, false, new MqttProperties());
            message.getProperties().setResponseTopic("wasla/1/ma-06/chu-zqxsite/gw-zqx7741/rsp/lis");
            client.publish("wasla/1/ma-06/chu-zqxsite/gw-zqx7741/cmd/worklist", message)
                    .waitForCompletion(WAIT_MS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            return ear.texts("rsp/lis").stream().anyMatch(text -> text.contains("\"done\""));
        });
        client.disconnect().waitForCompletion(WAIT_MS);
        client.close();
    }

    private void results() throws IOException {
        String head = "MSH|^~\\&|SERIAL-zqx-900|ZQXFACILITY|||20260616081500||ORU^R01|MSG-zqx-%d|%s|2.3.1";
        String pid = "PID|||IPP7740021^^^ZQXAUTH^PI||Zqxfamily^Zqxgiven||19870309|F|||zqxstreet 12||0612349876";
        tell(
                labPort,
                String.format(head, 1, "P"),
                pid,
                "PV1||I|zqxunit^room-zqx9|||||Zqxdoctor|||||||||||VISIT-zqx-33",
                "OBR|1|ORDER-zqx-31|TUBE998877|PANEL^Panel^L|||20260616081400",
                "NTE|1||zqx remark on the patient",
                "OBX|1|NM|718-7^Hb^LN||10.1|g/dL|12.0-16.0|L|||F|||20260616081500|SERIAL-zqx-900|Zqxdoctor",
                "OBX|2|CWE|600-7^Bacteria^LN||112283007^Escherichia coli^SCT||||||F",
                "OBX|3|ST|5196-1^HBsAg^LN||Négatif||||||F",
                "OBX|4|ST|5671-3^Lead^LN||zqx remark on the patient||||||F",
                "OBX|5|NM|2345-7^Glucose^LN||5.1|mmol/L|3.9-6.1||||P",
                "OBX|6|NM|GLU^Local^L||5.1|mmol/L|3.9-6.1||||F");
        // Another tube, of nobody that the box knows; and a control.
        tell(
                labPort,
                String.format(head, 2, "P"),
                pid.replace("7740021", "7740022"),
                "OBR|1|FILLER-zqx-32|TUBE556644|PANEL^Panel^L|||20260616081400",
                "OBX|1|NM|718-7^Hb^LN||13.5|g/dL|12.0-16.0|N|||F");
        tell(
                labPort,
                String.format(head, 3, "Q"),
                "OBR|1|QC|CONTROL-zqx|PANEL^Panel^L|||20260616081400",
                "OBX|1|NM|718-7^Hb^LN||13.5|g/dL|12.0-16.0|N|||F");
    }

    private static List<Heard> of(Ear ear, String root) {
        return ear.heard().stream()
                .filter(each -> each.topic().startsWith(root))
                .toList();
    }

    /** All that a subscriber is told of a message. */
    private static String whole(Heard heard) {
        return heard.topic() + '\n' + heard.text() + '\n' + heard.contentType() + '\n' + heard.user();
    }

    @Test
    void nobodyIsKnownByFiguresAndSignals() throws Exception {
        Instant begun = Instant.now();
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port(), "wasla/#", "wasla-agg/#", "wasla-epi/#")) {
            Config config = config(broker.port());
            try (Agent agent = agent(config)) {
                agent.start();
                admit();
                order(broker.port(), ear);
                results();
                Ear.until(
                        "the laboratory's records",
                        WAIT_MS,
                        () -> ear.texts("lab-zqx551/res").size() >= 3);
                Path held = folder.resolve("buffer").resolve("epi.held");
                Ear.until(
                        "signals on disk", WAIT_MS, () -> Files.readString(held).split("\"put\":", -1).length == 6);
                aheadMs.set(DAY_MS);
                Ear.until(
                        "a day",
                        WAIT_MS,
                        () -> of(ear, "wasla-agg/").stream()
                                .anyMatch(each -> each.topic().endsWith("/day")));
                assertEquals(List.of(), of(ear, "wasla-epi/"), "signals wait for the week to be over");
            }
            // They wait over the end of the process; two weeks later all of them are due.
            aheadMs.set(15 * DAY_MS);
            try (Agent agent = agent(config)) {
                agent.start();
                Ear.until("five signals", WAIT_MS, () -> of(ear, "wasla-epi/").size() >= 5);
            }
            theScannerFinds(ear, begun);
            indicatorsAreRight(ear);
            signalsAreRight(ear);
            nothingComesOut(ear, begun);
            aJudgeAgrees(ear);
        }
    }

    // A scanner that finds nothing anywhere would prove nothing.
    private static void theScannerFinds(Ear ear, Instant begun) {
        StringBuilder records = new StringBuilder();
        of(ear, "wasla/").forEach(each -> records.append(whole(each)));
        for (String known :
                List.of("gw-zqx7741", "chu-zqxsite", "lab-zqx551", "zqxunit", "TUBE998877", "ORDER-zqx-31")) {
            assertFalse(Traces.of(known).in(records.toString()).isEmpty(), known);
        }
        assertFalse(Traces.of(begun, ZONE).in(records.toString()).isEmpty(), "the time of records");
        for (String form : Traces.of("IPP7740021").forms()) {
            assertFalse(
                    Traces.of("IPP7740021").in("{\"id\":\"x" + form + "y\"}").isEmpty(), form);
        }
    }

    private static void indicatorsAreRight(Ear ear) {
        List<Heard> hours = of(ear, "wasla-agg/1/ma-06/chu-zqxsite/gw-zqx7741/hour");
        Heard hour = hours.get(0);
        assertEquals("application/vnd.wasla.agg+json", hour.contentType());
        assertEquals("ops", hour.user().get("cls"));
        // Over the change of an hour the first one may hold less.
        String all = hours.toString();
        assertTrue(
                all.contains("\"unit\":\"zqxunit\",\"class\":\"laboratory analyser\",\"devices\":1,\"connected\":1"),
                all);
        assertTrue(all.contains("\"analyses\":6,\"specimens\":2,\"controls\":1,"), all);
        assertTrue(all.contains("\"tat\":[{\"from\":\"order\",\"to\":\"result\",\"n\":1,"), all);
        Set<String> ids = new HashSet<>();
        for (Heard each : of(ear, "wasla-agg/")) {
            Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(each.text());
            assertTrue(id.find() && ids.add(id.group(1)), "told twice: " + each.text());
        }
    }

    private static void signalsAreRight(Ear ear) {
        List<Heard> signals = of(ear, "wasla-epi/");
        assertEquals(5, signals.size());
        Set<String> said = new HashSet<>();
        for (Heard each : signals) {
            assertEquals("wasla-epi/1/ma-06/signal", each.topic());
            assertEquals("application/vnd.wasla.epi+json", each.contentType());
            assertEquals("deid", each.user().get("cls"));
            assertEquals(Set.of("sv", "enc", "cls"), each.user().keySet());
            assertFalse(each.retained());
            said.add(each.text().replaceAll("\"id\":\"[0-9a-f]{32}\",|\"wk\":\"[^\"]*\",", ""));
        }
        String head =
                "{\"v\":1,\"method\":\"wasla-epi@1\",\"region\":\"ma-06\",\"site\":\"university-hospital\",\"l\":";
        // A machine whose clock nobody confirms knows neither week nor age.
        boolean isDated = !ear.texts("lab-zqx551/res").get(0).contains("\"clk\":{\"s\":\"unsync\"");
        assertEquals(
                isDated ? 5 : 0,
                signals.stream().filter(each -> each.text().contains("\"wk\":")).count());
        boolean isOver44 = LocalDate.now(ZONE).minusYears(45).isAfter(LocalDate.of(1987, 3, 8));
        String age = isOver44 ? "\"age\":\"45-64\"," : "\"age\":\"25-44\",";
        String whose = (isDated ? age : "") + "\"sex\":\"F\",";
        String least = "\"least\":1}";
        assertTrue(said.contains(head + "\"718-7\",\"cl\":\"low\"," + whose + least), said.toString());
        assertTrue(said.contains(head + "\"600-7\",\"sct\":\"112283007\"," + whose + least), said.toString());
        assertTrue(said.contains(head + "\"5196-1\",\"cl\":\"negative\"," + whose + least), said.toString());
        assertTrue(said.contains(head + "\"5671-3\"," + whose + least), "free text has no class: " + said);
        assertTrue(said.contains(head + "\"718-7\",\"cl\":\"normal\"," + least), said.toString());
    }

    private void nothingComesOut(Ear ear, Instant begun) throws IOException {
        List<Traces> ofPatients = new ArrayList<>();
        OF_PATIENTS.forEach(each -> ofPatients.add(Traces.of(each)));
        OF_PATIENTS.forEach(each -> ofPatients.add(Traces.of("ZQXAUTH|" + each)));
        ofPatients.add(Traces.of(LocalDate.of(1987, 3, 9)));
        Matcher pseudonym =
                Pattern.compile("p:([0-9a-f]{16})").matcher(ear.heard().toString());
        while (pseudonym.find()) {
            ofPatients.add(Traces.of(pseudonym.group(1)));
        }
        List<Traces> ofSources = new ArrayList<>();
        OF_SOURCES.forEach(each -> ofSources.add(Traces.of(each)));
        for (Instant moment : List.of(begun, Instant.now(), Instant.parse("2026-06-16T08:15:00Z"))) {
            ofSources.add(Traces.of(moment, ZONE));
        }
        Matcher epoch =
                Pattern.compile("\"ep\":\"([0-9a-f]{8})\"").matcher(ear.heard().toString());
        assertTrue(epoch.find());
        ofSources.add(Traces.of(epoch.group(1)));
        List<String> found = new ArrayList<>();
        for (Heard each : of(ear, "wasla-agg/")) {
            ofPatients.forEach(traces -> found.addAll(traces.in(whole(each))));
        }
        for (Heard each : of(ear, "wasla-epi/")) {
            ofPatients.forEach(traces -> found.addAll(traces.in(whole(each))));
            ofSources.forEach(traces -> found.addAll(traces.in(whole(each))));
        }
        assertEquals(List.of(), found);
        // Neither a number that counts nor a reference that two of them share.
        Set<String> ids = new HashSet<>();
        of(ear, "wasla-epi/").forEach(each -> ids.add(each.text().substring(13, 45)));
        assertEquals(5, ids.size());
    }

    /** The contract's own check, which is not Java. */
    private void aJudgeAgrees(Ear ear) throws IOException, InterruptedException {
        Process look = new ProcessBuilder("python3", "-c", "import jsonschema")
                .redirectErrorStream(true)
                .start();
        look.getInputStream().readAllBytes();
        org.junit.jupiter.api.Assumptions.assumeTrue(look.waitFor() == 0, "skipped: no python3-jsonschema");
        StringBuilder lines = new StringBuilder();
        for (Heard each : ear.heard()) {
            if (!each.topic().contains("/cmd/")) {
                lines.append(each.topic()).append('\t').append(each.text()).append('\n');
            }
        }
        Path messages = Files.writeString(folder.resolve("messages.tsv"), lines);
        Process judge = new ProcessBuilder("../ops/contract/check", "--closed", messages.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, judge.waitFor(), said);
    }
}
