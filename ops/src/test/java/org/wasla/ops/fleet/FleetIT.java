package org.wasla.ops.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/** A fleet that loses by itself, or does not see what is lost, measures nothing. */
class FleetIT {
    private static final int GATEWAYS = 20;

    @TempDir
    Path folder;

    private static Region region(Mosquitto broker) {
        return new Region(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port())));
    }

    @Test
    void everythingArrivesAlsoWhatAnOutageMet() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder, "max_queued_messages 0")) {
            Region region = region(broker);
            Meters meters = region.meters();
            try (Fleet fleet = new Fleet(region, GATEWAYS, 2, 5)) {
                assertTrue(fleet.open(60), meters.causes().toString());
                assertEquals(2 * GATEWAYS + 1, meters.sessions.get());
                fleet.rate(400);
                assertTrue(Fleet.await(60, () -> meters.arrived.sum() > 100));
                assertFalse(
                        Double.isNaN(fleet.outage(0.5, true, 120)),
                        meters.causes().toString());
                long before = meters.arrived.sum();
                assertTrue(Fleet.await(60, () -> meters.arrived.sum() > before + 100));
                fleet.rate(0);
                assertTrue(Ending.tell(meters), meters.arrived.sum() + " of " + meters.observed.sum());
                assertEquals(2L * GATEWAYS, meters.causes().get("cut"));
            }
        }
    }

    // A publish that the broker refuses is no success, and stays to be sent.
    @Test
    void aRefusalIsCountedAndKept() throws Exception {
        Path rights = java.nio.file.Files.writeString(folder.resolve("acl"), "topic read #\n");
        try (Mosquitto broker = Mosquitto.start(folder, "acl_file " + rights)) {
            Region region = region(broker);
            try (Fleet fleet = new Fleet(region, 1, 1, 1)) {
                assertTrue(fleet.open(60));
                assertTrue(Fleet.await(60, () -> region.meters().reasons().containsKey("0x87")));
                assertEquals(0, region.meters().acknowledged.sum());
            }
        }
    }

    @Test
    void aWrongUrlIsNamed() {
        IllegalArgumentException wrong = org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class, () -> Brokers.at(List.of(URI.create("http://127.0.0.1"))));
        assertTrue(String.valueOf(wrong.getMessage()).contains("mqtt://HOST:PORT"));
    }
}
