package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.mqttv5.client.IMqttMessageListener;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The rights of {@code ops/region/artemis/example}, by what is delivered: a broker's word on a subscription is none. */
class ClusterRightsIT {
    private static final String BOX = "wasla/1/ma-06/chu-ibnrochd/gw-7f3a9c21/";
    private static final long WAIT_MS = 10_000;

    private static MqttAsyncClient connect(int port, String user, String password) throws MqttException {
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, user + "-up", new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(user);
        options.setPassword(password.getBytes(StandardCharsets.UTF_8));
        client.connect(options).waitForCompletion(WAIT_MS);
        return client;
    }

    private static int publish(MqttAsyncClient client, String topic) throws MqttException {
        IMqttToken token = client.publish(topic, topic.getBytes(StandardCharsets.UTF_8), 1, false);
        token.waitForCompletion(WAIT_MS);
        int[] codes = token.getReasonCodes();
        return codes == null || codes.length == 0 ? 0 : codes[0] & 0xff;
    }

    @Test
    @EnabledIfSystemProperty(named = "wasla.long", matches = "true")
    void aBoxWritesItsOwnTopicsAndNoOther() throws Exception {
        List<String> delivered = new CopyOnWriteArrayList<>();
        try (Workbench bench = new Workbench("rights");
                Cluster cluster = new Cluster(
                        bench.path("brokers"), true, true, Tool.ROOT.resolve("ops/region/artemis/example"))) {
            int port = cluster.ports().get(0);
            assertThrows(MqttException.class, () -> connect(port, "gw-7f3a9c21", "wrong"));
            MqttAsyncClient reader = connect(port, "follow-up", "example-only-2");
            IMqttMessageListener ear = (topic, message) -> delivered.add(topic);
            reader.subscribe(new MqttSubscription("wasla/1/ma-06/#", 1), ear).waitForCompletion(WAIT_MS);
            MqttAsyncClient box = connect(port, "gw-7f3a9c21", "example-only-1");
            List<String> foreign = List.of(
                    BOX + "cfg/desired",
                    BOX + "cmd/hello",
                    "wasla/1/ma-06/another/gw-7f3a9c21/d/oxi/obs",
                    "wasla/1/ma-06/chu-ibnrochd/gw-00000000/d/oxi/obs",
                    "wasla/1/ma-07/chu-ibnrochd/gw-7f3a9c21/d/oxi/obs");
            for (String topic : foreign) {
                assertEquals(0x87, publish(box, topic), topic);
            }
            assertEquals(0x87, publish(reader, BOX + "d/oxi/obs"));
            assertEquals(0, publish(box, BOX + "d/oxi/obs"));
            Platform.await("the box's own", () -> !delivered.isEmpty());
            assertEquals(List.of(BOX + "d/oxi/obs"), delivered);
            assertTrue(box.isConnected(), "a refusal must not cost the connection");
            box.disconnectForcibly(1, 1, false);
            reader.disconnectForcibly(1, 1, false);
            box.close(true);
            reader.close(true);
        }
    }
}
