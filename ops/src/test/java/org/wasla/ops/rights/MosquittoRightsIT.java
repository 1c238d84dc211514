package org.wasla.ops.rights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.uplink.Mosquitto;

/** The lists at Debian's mosquitto. */
class MosquittoRightsIT extends RightsProof {

    private @Nullable Mosquitto broker;

    MosquittoRightsIT() throws Exception {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        town.make(folder);
        Path passwords = folder.resolve("passwords");
        List<String> lines = new ArrayList<>();
        town.names().forEach(name -> lines.add(name + ":" + Party.password(name)));
        Files.write(passwords, lines);
        run("mosquitto_passwd", "-U", passwords.toString());
        broker = Mosquitto.start(
                folder,
                "allow_anonymous false",
                "password_file " + passwords,
                "acl_file " + folder.resolve("made/mosquitto.acl"),
                "set_tcp_nodelay true",
                // Paho counts an acknowledgement a moment late, and refuses to publish at the limit.
                "max_inflight_messages 1000",
                "sys_interval 1");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    @Override
    int port() {
        Mosquitto running = broker;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running.port();
    }

    @AfterAll
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
