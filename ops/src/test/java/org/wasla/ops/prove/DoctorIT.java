package org.wasla.ops.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/** {@code wasla status} and {@code wasla doctor} as a technician meets them, in both languages, with their exit codes. */
class DoctorIT {
    @TempDir
    Path folder;

    @Test
    void theyTellWhatIsWrongAndWhatToDo() throws Exception {
        try (Mosquitto broker = Mosquitto.start(folder);
                Ward ward = new Ward(folder, broker.port())) {
            ward.add("oxi-1", "masimo-ascii1", 5, Set.of());
            String config = ward.configuration().toString();

            Tool.Result stopped = Tool.run(folder, "status", "--config", config, "--lang", "fr");
            assertEquals(1, stopped.exitCode(), stopped.out() + stopped.err());
            assertTrue(stopped.out().startsWith("DÉFAUT  Aucun agent ne tourne"), stopped.out());

            try (Platform platform = new Platform(broker.port())) {
                ward.startAgent();
                Platform.await("records", () -> platform.records("oxi-1", "obs") > 2);
                Tool.Result well = Tool.run(folder, "status", "--config", config, "--lang", "en");
                assertTrue(well.out().contains("oxi-1"), well.out());
                assertTrue(well.out().contains("connected to 127.0.0.1:" + broker.port()), well.out());
                assertFalse(well.out().contains("WRONG"), well.out());
                assertEquals(0, well.exitCode(), well.out());
                Tool.Result json = Tool.run(folder, "doctor", "--config", config, "--json");
                assertTrue(json.out().startsWith("{\"ok\":true,\"findings\":["), json.out());
                assertTrue(json.out().contains("\"health\":{\"v\":1,"), json.out());
                Tool.Result lasts = Tool.run(folder, "doctor", "--config", config, "--lang", "fr");
                assertTrue(lasts.out().contains("oxi-1        dernier enregistrement 20"), lasts.out());
                assertTrue(lasts.out().contains("liaison  dernier enregistrement acquitté 20"), lasts.out());
                assertTrue(lasts.out().contains(", il y a moins d'une minute\n"), lasts.out());
            }

            broker.kill();
            ward.unplug("oxi-1");
            Platform.await("the loss of the line", () -> status(config).contains("\"id\":\"device.fault\""));
            Tool.Result ill = Tool.run(folder, "doctor", "--config", config, "--lang", "en");
            assertEquals(1, ill.exitCode(), ill.out());
            assertTrue(ill.out().contains("WRONG  Device oxi-1: there is no port " + ward.port("oxi-1")), ill.out());
            assertTrue(
                    ill.out().contains("WRONG  The broker 127.0.0.1 does not answer on port " + broker.port()),
                    ill.out());
            assertTrue(ill.out().contains("    next: "), ill.out());
        }
        Tool.Result none = Tool.run(
                folder, "doctor", "--config", folder.resolve("none.yaml").toString());
        assertEquals(2, none.exitCode());
    }

    private String status(String config) {
        try {
            return Tool.run(folder, "status", "--config", config, "--json").out();
        } catch (java.io.IOException unreadable) {
            throw new AssertionError(unreadable);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
