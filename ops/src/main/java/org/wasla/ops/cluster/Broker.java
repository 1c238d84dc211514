package org.wasla.ops.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.core.config.FileDeploymentManager;
import org.apache.activemq.artemis.core.config.ha.PrimaryOnlyPolicyConfiguration;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;

/**
 * One node: Apache Artemis by a {@code broker.xml}, in the foreground until SIGTERM. Writes what it is into a file
 * whenever that changes: {@code passive}, {@code active}, each with {@code " in-sync"} while the copies are the same.
 */
public final class Broker {
    private static final long LOOK_MS = 100;

    private Broker() {}

    /** @param args broker.xml, the file of the state, and {@code alone} for a node that has no peer */
    public static void main(String[] args) throws Exception { // Artemis's signature
        FileConfiguration configuration = new FileConfiguration();
        new FileDeploymentManager(Path.of(args[0]).toUri().toString())
                .addDeployable(configuration)
                .readConfiguration();
        if (args.length > 2) {
            configuration.setHAPolicyConfiguration(new PrimaryOnlyPolicyConfiguration());
            configuration.getClusterConfigurations().clear();
        }
        EmbeddedActiveMQ node = new EmbeddedActiveMQ().setConfiguration(configuration);
        if (configuration.isSecurityEnabled()) {
            node.setSecurityManager(new ActiveMQJAASSecurityManager("wasla"));
        }
        CountDownLatch stopping = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stopping::countDown, "stop"));
        Path state = Path.of(args[1]);
        write(state, "starting");
        node.start();
        boolean asked = watch(node.getActiveMQServer(), state, stopping);
        node.stop();
        Files.deleteIfExists(state);
        Runtime.getRuntime().halt(asked ? 0 : 1);
    }

    /** Until it is to stop; false when it has stopped by itself, as a copy does that has lost its way: start it again. */
    private static boolean watch(ActiveMQServer server, Path file, CountDownLatch stopping)
            throws IOException, InterruptedException {
        String written = "";
        while (!stopping.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
            String now = (server.isActive() ? "active" : "passive") + (server.isReplicaSync() ? " in-sync" : "");
            if (!now.equals(written)) {
                write(file, now);
                written = now;
            }
            if (server.getState() == ActiveMQServer.SERVER_STATE.STOPPED) {
                return false;
            }
        }
        return true;
    }

    /** Whole or not at all. */
    private static void write(Path file, String state) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, state + "\n", StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
