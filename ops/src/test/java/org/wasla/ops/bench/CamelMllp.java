package org.wasla.ops.bench;

import java.nio.file.Path;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A peer: Camel's MLLP consumer, which acknowledges by itself when the route is through. */
final class CamelMllp extends RouteBuilder {
    private final String port;
    private final SyncedFile store;

    private CamelMllp(String port, SyncedFile store) {
        this.port = port;
        this.store = store;
    }

    /** @param args port to listen on; file of the store */
    public static void main(String[] args) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.disableJMX();
        context.addRoutes(new CamelMllp(args[0], new SyncedFile(Path.of(args[1]))));
        context.start();
        Thread.currentThread().join();
    }

    @Override
    public void configure() {
        from("mllp:127.0.0.1:" + port + "?autoAck=true&maxConcurrentConsumers=16&validatePayload=false")
                .process(exchange -> store.keep(exchange.getMessage().getBody(byte[].class)));
    }
}
