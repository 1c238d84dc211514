package org.wasla.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.uplink.Mosquitto;

/** Where a mode runs: its folder, its broker, its page. One thread. */
final class Ground implements AutoCloseable {
    /** Without the last, the broker's kernel holds a message back until the subscriber's has acknowledged the one before. */
    private static final String[] BROKER = {
        "max_inflight_messages 1000", "max_queued_messages 0", "set_tcp_nodelay true"
    };

    private final Path folder;
    private final Report report;
    private final Main.Options options;
    private final Mosquitto broker;
    private int folders;

    Ground(Path folder, Report report, Main.Options options) throws IOException {
        this.folder = folder;
        this.report = report;
        this.options = options;
        this.broker = Mosquitto.start(folder, BROKER);
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    }

    Report report() {
        return report;
    }

    Main.Options options() {
        return options;
    }

    Mosquitto broker() {
        return broker;
    }

    /** A new folder for one contestant. */
    Path folder() throws IOException {
        return Files.createDirectory(folder.resolve("run-" + ++folders));
    }

    /** Devices that send without end; the last closes all. */
    static List<Device> devices(int count, int rate, long most) throws IOException {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            devices.add(new Device(rate, most, (number, nowNs) -> {}));
        }
        return devices;
    }

    static void close(List<Device> devices) throws IOException {
        for (Device device : devices) {
            device.close();
        }
    }

    static long sent(List<Device> devices) {
        return devices.stream().mapToLong(Device::sent).sum();
    }

    @Override
    public void close() {
        broker.close();
    }
}
