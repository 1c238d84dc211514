package org.wasla.ops.prove;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.Imaging;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.imaging.ImagingSettings.Tls;
import org.wasla.gateway.uplink.Mosquitto;

/**
 * {@code ops/prove/tls}: what our listeners with TLS speak, told by sslscan, and nothing of it old or weak. The control is a
 * listener that speaks TLS 1.0 with old ciphers.
 */
final class TlsProof {
    private static final long STORE_BYTES = 60L << 20;
    private final Path folder;
    private final TlsFiles files;

    TlsProof(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.files = TlsFiles.make(folder, "changeit");
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        Report report = new Report("tls", options);
        if (!Shell.has("sslscan") || !Shell.has("openssl")) {
            System.exit(report.skip("sslscan or openssl is not installed"));
        }
        try (Workbench bench = new Workbench("tls")) {
            TlsProof proof = new TlsProof(bench.path(""));
            if (options.isControl()) {
                List<String> faults = proof.old().faults();
                report.must(!faults.isEmpty(), "the control is red, as it must be: " + String.join(", ", faults));
            } else {
                judge(report, "the box's DICOM port with TLS", proof.dicom(null));
                judge(report, "the same, with a key of RSA", proof.rsa());
                judge(
                        report,
                        "the same, with callers' certificates (sslscan has none: of TLS 1.2 it sees nothing)",
                        proof.dicom(proof.files.file("ca.pem")));
                judge(report, "mosquitto as a region sets it up", proof.mosquitto());
            }
        }
        System.exit(report.end());
    }

    private static void judge(Report report, String what, TlsScan scan) {
        report.text(what + ": " + String.join(", ", new TreeSet<>(scan.ciphers())));
        report.must(scan.faults().isEmpty(), what + " speaks nothing old or weak " + scan.faults());
    }

    /** @param ca of those who may call, null: everybody */
    TlsScan dicom(@Nullable Path ca) throws IOException, InterruptedException {
        return dicom(files.file("gateway.p12"), ca);
    }

    /** With a key of RSA other ciphers are possible. */
    TlsScan rsa() throws IOException, InterruptedException {
        return dicom(files.rsa(), null);
    }

    private TlsScan dicom(Path key, @Nullable Path ca) throws IOException, InterruptedException {
        int port = Mosquitto.freePort();
        ImagingSettings settings = new ImagingSettings(
                "WASLA",
                false,
                0,
                List.of(),
                folder.resolve("dicom" + port),
                STORE_BYTES,
                60_000,
                new Tls(port, key, ca),
                Limits.USUAL);
        try (Imaging imaging = Imaging.start(settings, Timing.USUAL, told -> {})) {
            return TlsScan.of(folder, imaging.ports().get(1));
        }
    }

    TlsScan mosquitto() throws IOException, InterruptedException {
        int port = Mosquitto.freePort();
        try (Mosquitto broker = Mosquitto.start(folder, files.listener(port))) {
            Platform.await("the broker", () -> broker.port() > 0);
            return TlsScan.of(folder, port);
        }
    }

    /** What nobody should run: the judge must say so. */
    TlsScan old() throws IOException, InterruptedException {
        int port = Mosquitto.freePort();
        Process server = new ProcessBuilder(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-quiet",
                        "-cert",
                        files.file("broker.pem").toString(),
                        "-key",
                        files.file("broker.key").toString(),
                        "-cipher",
                        "ALL:@SECLEVEL=0",
                        "-min_protocol",
                        "TLSv1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("old.log").toFile())
                .start();
        try {
            Platform.await("the old server", () -> answers(port));
            return TlsScan.of(folder, port);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static boolean answers(int port) {
        try (Socket line = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return line.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
