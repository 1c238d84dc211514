package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.ForwardSettings.Destination;
import org.wasla.gateway.imaging.ForwardSettings.Filter;

/** The archive that small hospitals have takes our images by C-STORE, and by STOW-RS where its plug-in is installed. */
class OrthancIT {
    private static final Path PLUGINS = Path.of("/usr/share/orthanc/plugins");
    private static final String USER = "wasla:secret";

    @TempDir
    Path dir;

    @TempDir
    Path work;

    @Test
    void orthancTakesImagesByBothWays() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/Orthanc")), "orthanc is not installed");
        int dicom = Storescp.freePort();
        int http = Storescp.freePort();
        Process orthanc = orthanc(dicom, http);
        try {
            Objects.await("Orthanc listens", () -> Storescp.isListening(dicom) && Storescp.isListening(http));
            Destination byNode = ForwardIT.to("node", new ForwardSettings.Node("ORTHANC", "127.0.0.1", dicom, null));
            check(http, dir.resolve("a"), byNode, "1.2.826.40");
            if (Files.exists(PLUGINS.resolve("libOrthancDicomWeb.so"))) {
                String basic = Base64.getEncoder().encodeToString(USER.getBytes(StandardCharsets.UTF_8));
                URI base = URI.create("http://127.0.0.1:" + http + "/dicom-web");
                check(
                        http,
                        dir.resolve("b"),
                        ForwardIT.to("web", new ForwardSettings.Web(base, "Basic " + basic, null)),
                        "1.2.826.41");
                research(http, new ForwardSettings.Web(base, "Basic " + basic, null));
                wrongPassword(new ForwardSettings.Web(base, null, null));
            }
        } finally {
            orthanc.destroyForcibly();
            orthanc.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Process orthanc(int dicom, int http) throws IOException {
        Path config = Files.writeString(work.resolve("orthanc.json"), """
                {"Name": "test", "StorageDirectory": "%1$s/db", "IndexDirectory": "%1$s/db", "DicomPort": %2$d,
                 "HttpPort": %3$d, "DicomAet": "ORTHANC", "RemoteAccessAllowed": false, "AuthenticationEnabled": true,
                 "RegisteredUsers": {"wasla": "secret"}, "DicomAlwaysAllowStore": true, "Plugins": ["%4$s"]}
                """.formatted(
                        work, dicom, http, PLUGINS.resolve("libOrthancDicomWeb.so")));
        return new ProcessBuilder("/usr/sbin/Orthanc", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("orthanc.log").toFile())
                .start();
    }

    private static byte[] image(String uid, String study) {
        return DataSetBytes.explicit()
                .text(0x0008_0016, "UI", Objects.CT)
                .text(0x0008_0018, "UI", uid)
                .text(0x0008_0060, "CS", "CT")
                .text(0x0010_0010, "PN", "ZZSECRET")
                .text(0x0010_0020, "LO", "ZZ4711")
                .text(0x0020_000d, "UI", study)
                .text(0x0020_000e, "UI", study + ".1")
                .numbers(0x0028_0010, "US", 2, 200)
                .numbers(0x0028_0011, "US", 2, 200)
                .numbers(0x0028_0100, "US", 2, 16)
                .element(0x7fe0_0010, "OW", Objects.noise(80_000, uid.hashCode()))
                .toArray();
    }

    /** Three images, which Orthanc then gives back byte for byte. */
    private void check(int http, Path store, Destination to, String study) throws Exception {
        Set<String> before = instances(http);
        try (Receiver receiver = ForwardIT.receiver(store, false, to)) {
            for (int i = 0; i < 3; i++) {
                FileHead head = new FileHead(Objects.CT, study + "." + i, Uids.EXPLICIT_LITTLE, "", 0);
                byte[] data = image(study + "." + i, study);
                try (Sender sender = receiver.sender(head)) {
                    assertEquals(0, sender.store(head, out -> out.write(data)).orElseThrow());
                }
            }
            Objects.await(
                    "all are settled",
                    () -> ForwardIT.progress(receiver, to.name()).waiting() == 0);
            assertEquals(Map.of(), ForwardIT.progress(receiver, to.name()).aside());
        }
        Set<String> fresh = instances(http);
        fresh.removeAll(before);
        assertEquals(3, fresh.size());
        for (String id : fresh) {
            Path file = Files.write(work.resolve(id), get(http, "/instances/" + id + "/file"));
            FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
            assertArrayEquals(image(head.instance(), study), Objects.data(file), head.instance());
        }
    }

    private void research(int http, ForwardSettings.Web web) throws Exception {
        Set<String> before = instances(http);
        Destination to = new Destination("research", web, "WASLA", Filter.NONE, Filter.NONE, true, false, 1_000);
        try (Receiver receiver = ForwardIT.receiver(dir.resolve("b"), false, to)) {
            Objects.await(
                    "all are settled",
                    () -> ForwardIT.progress(receiver, "research").waiting() == 0);
        }
        Set<String> fresh = instances(http);
        fresh.removeAll(before);
        assertEquals(3, fresh.size());
        for (String id : fresh) {
            String file = new String(get(http, "/instances/" + id + "/file"), StandardCharsets.ISO_8859_1);
            assertFalse(file.contains("ZZSECRET") || file.contains("ZZ4711"), "a name came along");
            assertTrue(file.contains("DEID-"));
        }
    }

    private void wrongPassword(ForwardSettings.Web web) throws Exception {
        try (Receiver receiver = ForwardIT.receiver(dir.resolve("b"), false, ForwardIT.to("closed", web))) {
            Objects.await(
                    "the refusal shows",
                    () -> ForwardIT.progress(receiver, "closed").lastError().equals("http-401"));
            assertEquals(3, ForwardIT.progress(receiver, "closed").waiting());
        }
    }

    private static Set<String> instances(int http) throws IOException {
        Matcher ids = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{8}){4}")
                .matcher(new String(get(http, "/instances"), StandardCharsets.UTF_8));
        Set<String> all = new TreeSet<>();
        while (ids.find()) {
            all.add(ids.group());
        }
        return all;
    }

    private static byte[] get(int http, String path) throws IOException {
        var connection = URI.create("http://127.0.0.1:" + http + path).toURL().openConnection();
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(USER.getBytes(StandardCharsets.UTF_8)));
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }
}
