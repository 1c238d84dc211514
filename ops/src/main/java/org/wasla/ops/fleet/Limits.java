package org.wasla.ops.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Says before the first connect what this machine does not allow. Stateless. */
final class Limits {
    private static final int LINE_BYTES = 64;
    private static final int OWN_FILES = 200;
    private static final int PORTS_MIN = 20_000;

    private Limits() {}

    /** Throws with what to do. */
    static void check(int gateways, List<Long> pids) throws IOException {
        long needed = 2L * gateways + OWN_FILES;
        check("this program", "self", needed);
        for (long pid : pids) {
            check("the broker (pid " + pid + ")", Long.toString(pid), needed);
        }
        // In one read: the kernel gives nothing to a second one.
        String[] range;
        try (InputStream file = Files.newInputStream(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            range = new String(file.readNBytes(LINE_BYTES), StandardCharsets.US_ASCII)
                    .strip()
                    .split("\\s+");
        }
        int ports = Integer.parseInt(range[1]) - Integer.parseInt(range[0]);
        if (ports < PORTS_MIN) {
            throw new IOException("only " + ports + " local ports; sysctl net.ipv4.ip_local_port_range='32768 60999'");
        }
    }

    private static void check(String who, String pid, long needed) throws IOException {
        long allowed = ProcStat.filesMax(pid);
        if (allowed < needed) {
            throw new IOException(
                    who + " may open " + allowed + " files, " + needed + " are needed for so many gateways;"
                            + " raise it (ulimit -n " + needed + ", as root) or take fewer");
        }
    }
}
