package org.wasla.ops.bench;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AggregationStrategies;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.util.concurrent.SynchronousExecutorService;

/**
 * A peer: Apache Camel 4 from TCP lines to MQTT as its manual shows it. Camel's MQTT producer waits for each
 * acknowledgement; with several connections several of its threads do.
 */
final class CamelPeer extends RouteBuilder {
    private static final int BATCH = 100;
    private static final long BATCH_WAIT_MS = 50;

    private final String brokerPort;
    private final String mode;
    private final String store;
    private final List<String> devicePorts;

    private CamelPeer(String brokerPort, String mode, String store, List<String> devicePorts) {
        this.brokerPort = brokerPort;
        this.mode = mode;
        this.store = store;
        this.devicePorts = devicePorts;
    }

    /** @param args port of the broker; plain, batched or synced; folder of the store; ports of the devices */
    public static void main(String[] args) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.disableJMX();
        context.addRoutes(new CamelPeer(args[0], args[1], args[2], List.of(args).subList(3, args.length)));
        context.start();
        Thread.currentThread().join();
    }

    @Override
    public void configure() throws Exception {
        CamelStore rows = "plain".equals(mode) ? null : new CamelStore(store);
        for (String port : devicePorts) {
            PeerRecord record = new PeerRecord();
            // A client of its own for each route: two with one id would throw each other out.
            String publisher = "paho-mqtt5:" + PeerRecord.TOPIC + "?qos=1&brokerUrl=tcp://127.0.0.1:" + brokerPort
                    + "&clientId=camel-" + port;
            RouteDefinition route = from("netty:tcp://127.0.0.1:" + port
                            + "?clientMode=true&textline=true&sync=false&usingExecutorService=false")
                    .process(exchange -> exchange.getMessage()
                            .setBody(record.of(exchange.getMessage().getBody(String.class))));
            if (rows == null) {
                route.to(publisher);
            } else if ("synced".equals(mode)) {
                route.process(exchange -> rows.keep(List.of(bytes(exchange)))).to(publisher);
            } else {
                route.aggregate(constant(true), AggregationStrategies.groupedBody())
                        // In the caller's thread: Camel's own pool would take lines without a bound.
                        .executorService(new SynchronousExecutorService())
                        .completionSize(BATCH)
                        .completionTimeout(BATCH_WAIT_MS)
                        .process(exchange -> rows.keep(exchange.getMessage().getBody(List.class)))
                        .split(body())
                        .to(publisher);
            }
        }
    }

    private static byte[] bytes(Exchange exchange) {
        return exchange.getMessage().getBody(byte[].class);
    }
}
