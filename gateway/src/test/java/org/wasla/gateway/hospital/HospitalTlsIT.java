package org.wasla.gateway.hospital;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Outbox;

/** TLS towards a receiver: whom the box does not know, or who bears another name, gets nothing. */
class HospitalTlsIT {
    private static final String PASSWORD = "for-this-test";

    @TempDir
    static Path certificates;

    @TempDir
    Path folder;

    private static Path right = Path.of("unset");
    private static Path other = Path.of("unset");

    @BeforeAll
    static void makeCertificates() throws Exception {
        right = certificate("right", "ip:127.0.0.1");
        other = certificate("other", "dns:other.example");
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, process.waitFor(), command.toString());
    }

    /** A receiver's key and certificate for this name, and the certificate in a file of its own. */
    private static Path certificate(String name, String san) throws Exception {
        Path store = certificates.resolve(name + ".p12");
        Path pem = certificates.resolve(name + ".pem");
        keytool(
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + san,
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "key",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-file",
                pem.toString());
        return pem;
    }

    private ServerSocket listener(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificates.resolve(name + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static HospitalSettings.Receiver to(int port, Path ca) {
        return new HospitalSettings.Receiver(
                "his", "127.0.0.1", port, true, true, 0, "", "", new HospitalSettings.Keys(ca, null), 2_000);
    }

    private HospitalProgress told(String serverName, Path ca, boolean isTaken) throws Exception {
        try (OddReceiver receiver = new OddReceiver(listener(serverName), (text, id) -> OddReceiver.answer("AA", id));
                Outbox outbox = Buffer.open(folder.resolve("buffer-" + serverName));
                Hospital hospital = new Hospital(
                        Buffer.settings(to(receiver.port(), ca)), outbox, device -> "", new Lane.Pauses(5, 40))) {
            hospital.start();
            outbox.append(List.of(Buffer.alarm("oxi", Buffer.T0_MS, "low", "start")));
            Buffer.await("it is told, or is not", () -> {
                HospitalProgress progress = hospital.progress().get(0);
                return isTaken ? progress.sent() == 1 : progress.again() > 1;
            });
            assertEquals(isTaken ? 1 : 0, receiver.received().size());
            return hospital.progress().get(0);
        }
    }

    @Test
    void onlyWhoBearsTheNameAndIsVouchedForIsTold() throws Exception {
        assertEquals(1, told("right", right, true).sent());
        HospitalProgress otherName = told("other", other, false);
        assertTrue(String.valueOf(otherName.lastError()).startsWith("cannot be reached"), otherName.toString());
        assertEquals(1, otherName.waitingAlarms());
    }

    @Test
    void aCertificateThatNobodyVouchesForIsNotTold() throws Exception {
        assertEquals(0, told("right", other, false).sent());
    }

    @Test
    void aFileThatIsNoCertificateIsSaidSo() throws Exception {
        Path none = Files.writeString(folder.resolve("none.pem"), "nothing");
        HospitalProgress progress = told("right", none, false);
        assertTrue(String.valueOf(progress.lastError()).contains("tls.ca"), progress.toString());
    }
}
