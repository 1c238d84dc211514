package org.wasla.gateway.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.config.Config;

/** A whole agent with real sockets: a hospital system gets what a device says though no broker is there. */
class HospitalIT {
    private static final String CONFIG = """
            gateway: {id: gw-1, region: ma-06, site: chu-1, zone: UTC}
            uplink: {servers: ["mqtt://127.0.0.1:1"]}
            buffer: {dir: "%s", max: 64MiB, commit: 0ms}
            devices:
              - {id: vent-1, profile: talker, location: rea1/b07, link: "tcp:127.0.0.1:%d"}
            hospital:
              - {mllp: "127.0.0.1:%d", every: 0s}
            """;

    @TempDir
    Path folder;

    private Config config(int device, int hospital) throws IOException {
        BoxFiles.profile(folder, "talker", BoxFiles.TALKER);
        return BoxFiles.config(folder, String.format(CONFIG, folder.resolve("buffer"), device, hospital));
    }

    @Test
    void whatADeviceSaysComesOverMllpWithoutABroker() throws Exception {
        try (ServerSocket device = BoxFiles.device();
                ServerSocket hospital = BoxFiles.device();
                Agent agent = new Agent(config(device.getLocalPort(), hospital.getLocalPort()), "test")) {
            agent.start();
            try (Socket line = device.accept()) {
                line.getOutputStream().write("14\r".getBytes(StandardCharsets.US_ASCII));
                try (Socket his = hospital.accept()) {
                    Wire wire = Wire.of(his);
                    List<String> message = Wire.mllp(wire);
                    assertTrue(message.get(0).contains("|ORU^R01^ORU_R01|"), message.toString());
                    assertTrue(message.get(2).contains("rea1^^b07^chu-1"), message.toString());
                    assertTrue(message.stream().anyMatch(segment -> segment.contains("70001^MDC_DEV_SYS_PT_VENT_MDS")));
                    assertTrue(message.stream()
                            .anyMatch(segment -> segment.matches("OBX\\|\\d+\\|NM\\|rr\\^.*\\|14\\|.*")));
                    String id = message.get(0).split("\\|", -1)[9];
                    wire.write("\u000bMSH|^~\\&|||||||ACK|1|P|2.6\rMSA|AA|" + id + "\r\u001c\r");
                    line.getOutputStream().write("15\r".getBytes(StandardCharsets.US_ASCII));
                    List<String> next = Wire.mllp(wire);
                    assertTrue(
                            next.stream().anyMatch(segment -> segment.matches("OBX\\|\\d+\\|NM\\|rr\\^.*\\|15\\|.*")));
                    assertEquals(
                            1,
                            next.stream()
                                    .filter(segment -> segment.startsWith("MSH"))
                                    .count());
                }
            }
        }
    }
}
