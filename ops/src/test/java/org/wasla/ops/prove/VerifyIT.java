package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.wasla.gateway.uplink.Mosquitto;

/** {@code wasla subscribe --verify} against a broker: its last word must be neither a comfort nor a false alarm. */
@Execution(ExecutionMode.CONCURRENT)
class VerifyIT {
    @TempDir
    Path folder;

    private CompletableFuture<Tool.Result> verify(int port, String... more) {
        String[] words = new String[4 + more.length];
        System.arraycopy(new String[] {"subscribe", "--verify", "--url", "mqtt://127.0.0.1:" + port}, 0, words, 0, 4);
        System.arraycopy(more, 0, words, 4, more.length);
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Tool.run(folder, words);
            } catch (java.io.IOException | InterruptedException failed) {
                throw new AssertionError(failed);
            }
        });
    }

    /** A record with nothing in it but what the tool counts; retained, so that the tool has time to start. */
    private static void publish(MqttClient client, String kind, int seq, String more) throws MqttException {
        String record = "{\"v\":1,\"id\":\"gw-1.00000001.oxi-1." + kind + "." + seq
                + "\",\"gw\":\"gw-1\",\"ep\":\"00000001\",\"dev\":\"oxi-1\",\"k\":\"" + kind + "\",\"seq\":" + seq
                + ",\"t\":5"
                + more + "}";
        String topic = "wasla/1/ma-06/proof/gw-1/d/oxi-1/" + kind + "/" + seq;
        client.publish(topic, record.getBytes(StandardCharsets.UTF_8), 1, true);
    }

    private static MqttClient connect(int port) throws MqttException {
        MqttClient client = new MqttClient("tcp://127.0.0.1:" + port, "box", new MemoryPersistence());
        client.connect();
        return client;
    }

    @Test
    void aNumberThatIsTrulyMissingEndsWithOneThoughTheTimeIsUp() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder)) {
            MqttClient client = connect(broker.port());
            publish(client, "obs", 1, "");
            publish(client, "obs", 3, "");
            Tool.Result result = verify(broker.port(), "--seconds", "1").get();
            assertEquals(1, result.exitCode(), result.err());
            assertTrue(result.err().endsWith("1 holes: gw-1.00000001.oxi-1.obs 2\n"), result.err());
            client.disconnect();
            client.close();
        }
    }

    // A day's backlog takes longer than any patience: while it comes in, what is not yet here is late and not lost.
    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void aNumberThatComesAfterALongBacklogIsLateAndNoHole() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder)) {
            MqttClient client = connect(broker.port());
            publish(client, "wav", 1, "");
            publish(client, "wav", 3, "");
            CompletableFuture<Tool.Result> told = verify(broker.port(), "--seconds", "20");
            for (int i = 1; i <= 14 && !told.isDone(); i++) {
                publish(client, "obs", i, ",\"late\":1000");
                Pace.ms(1_000);
            }
            publish(client, "wav", 2, ",\"late\":1000");
            Tool.Result result = told.get();
            assertEquals(0, result.exitCode(), result.err());
            assertTrue(result.err().contains("oxi-1.wav 1..3: 3 records, 0 twice, 0 missing, 1 late by"), result.err());
            assertTrue(result.err().endsWith("no hole\n"), result.err());
            client.disconnect();
            client.close();
        }
    }
}
