package org.wasla.gateway.state;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.agent.Agent;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.ConfigReader;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.uplink.Ear;
import org.wasla.gateway.uplink.Mosquitto;

/** What a broker has of a box, or has not: it withholds retained messages, or knows more than the box's disk. */
class StateBrokerIT {
    private static final int WAIT_MS = 30_000;
    private static final String BOX = "wasla/1/ma-06/chu-1/gw-1/";
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:%d"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices: []
            trust: {roots: ["%s"], keys: "%s", groups: [ward-a], watch: 1s}
            """;

    @TempDir
    Path folder;

    private final TestStates states = new TestStates();

    private Agent agent(int broker, Path buffer) throws Exception {
        Path file = Files.writeString(
                folder.resolve("wasla.yaml"),
                String.format(CONFIG, broker, buffer, states.rootText(), states.keys(folder)));
        Problems problems = new Problems();
        Config config = new ConfigReader(List.of(Path.of("../device-profiles")), problems)
                .read(file)
                .orElseThrow(() -> new AssertionError(problems.list().toString()));
        return new Agent(config, "0.1.0");
    }

    private static void say(int port, String topic, String text, boolean isRetained) throws Exception {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "tech", new MemoryPersistence());
        client.connect().waitForCompletion(WAIT_MS);
        client.publish(topic, text.getBytes(StandardCharsets.UTF_8), 1, isRetained)
                .waitForCompletion(WAIT_MS);
        client.disconnect().waitForCompletion(WAIT_MS);
        client.close();
    }

    private static void heard(Ear ear, String leaf, String part) throws Exception {
        Ear.until(part + " on " + leaf, WAIT_MS, () -> ear.texts(leaf).stream().anyMatch(text -> text.contains(part)));
    }

    @Test
    void aBrokerThatKeepsNothingLeavesNobodyInTheDark() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder, "retain_available false");
                Ear ear = new Ear(broker.port());
                Agent agent = agent(broker.port(), folder.resolve("buffer"))) {
            agent.start();
            heard(ear, "health", "\"cfg\":{\"rev\":0,\"hash\":\"\",\"had\":0,");
            String state = states.state(7).devices("[]").sign();
            say(broker.port(), BOX + "cfg/desired", state, false);
            heard(ear, "cfg/reported", "\"rev\":7,\"hash\":\"" + TestStates.hash(state) + "\",\"s\":\"applied\"");
            heard(ear, "health", "\"cfg\":{\"rev\":7,\"hash\":\"" + TestStates.hash(state) + "\",\"had\":7,");
            // Who comes later asks.
            try (Ear late = new Ear(broker.port())) {
                say(broker.port(), BOX + "cmd/hello", "{\"v\":1,\"jti\":\"h-1\"}", false);
                heard(late, "cfg/reported", "\"rev\":7,");
                heard(late, "health", "\"cfg\":{\"rev\":7,");
            }
        }
    }

    @Test
    void aBoxWhoseDiskWasSetBackLearnsFromItsOwnLastReport() throws Exception {
        String first = states.state(1).devices("[]").sign();
        String second = states.state(2).after(first).devices("[] # 2").sign();
        Path buffer = folder.resolve("buffer");
        Path image = folder.resolve("image");
        try (Mosquitto broker = Mosquitto.start(folder);
                Ear ear = new Ear(broker.port())) {
            try (Agent agent = agent(broker.port(), buffer)) {
                agent.start();
                say(broker.port(), BOX + "cfg/desired", first, true);
                heard(ear, "cfg/reported", "\"rev\":1,\"hash\":\"" + TestStates.hash(first) + "\",\"s\":\"applied\"");
                DeskTimesIT.copy(buffer.resolve("trust"), image.resolve("trust"));
                Files.copy(buffer.resolve("revision.second"), image.resolve("revision.second"));
                say(broker.port(), BOX + "cfg/desired", second, true);
                heard(ear, "cfg/reported", "\"rev\":2,\"hash\":\"" + TestStates.hash(second) + "\",\"s\":\"applied\"");
            }
            // Nobody wants it changed now; an old state must not come in its place.
            say(broker.port(), BOX + "cfg/desired", first, true);
            try (Agent agent = agent(broker.port(), image)) {
                agent.start();
                heard(ear, "cfg/reported", "its disk was set back to rev 1");
                String health = "\"cfg\":{\"rev\":1,\"hash\":\"" + TestStates.hash(first) + "\",\"had\":2,";
                heard(ear, "health", health);
                heard(ear, "audit", "\"e\":\"revision-behind\",");
                heard(ear, "audit", "\"had\":\"2\",\"rev\":\"1\"");
            }
        }
        assertTrue(StateBook.open(image).highest().number() == 2);
    }
}
