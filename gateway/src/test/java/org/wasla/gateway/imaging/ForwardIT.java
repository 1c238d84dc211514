package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.ForwardSettings.Destination;
import org.wasla.gateway.imaging.ForwardSettings.Filter;
import org.wasla.gateway.imaging.ImagingSettings.Limits;

/**
 * A scanner is told that an image is safe and forgets it: from then on this box alone must bring it to the archive,
 * whatever happens to the archive, the line or the box. The peer is DCMTK's storescp.
 */
class ForwardIT {
    private static final String JPEG = "1.2.840.10008.1.2.4.50";

    private static final int ROUNDS = Boolean.getBoolean("wasla.long") ? 30 : 1;

    @TempDir
    Path dir;

    @TempDir
    Path work;

    private final Map<String, byte[]> sent = new TreeMap<>();

    static Destination to(String name, ForwardSettings.Target target) {
        return new Destination(name, target, "WASLA", Filter.NONE, Filter.NONE, false, false, 1_000);
    }

    static Receiver receiver(Path dir, boolean deletes, Destination... destinations) throws IOException {
        ForwardSettings forward = new ForwardSettings(List.of(destinations), deletes, 0);
        ImagingSettings plain = Receiver.settings(dir, Limits.USUAL, null);
        return new Receiver(
                dir,
                new ImagingSettings(
                        plain.title(),
                        true,
                        0,
                        List.of(),
                        dir,
                        plain.maxBytes(),
                        plain.quietMs(),
                        null,
                        Limits.USUAL,
                        forward,
                        StepSettings.NONE),
                Timing.USUAL);
    }

    /** Sends an object as a scanner does. */
    private void send(Receiver receiver, String uid, String sopClass, String syntax, byte[] data) throws IOException {
        FileHead head = new FileHead(sopClass, uid, syntax, "", 0);
        try (Sender sender = receiver.sender(head)) {
            assertEquals(0, sender.store(head, out -> out.write(data)).orElseThrow());
        }
        sent.put(uid, data);
    }

    private void sendImages(Receiver receiver, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            String uid = "1.2.826.9." + i;
            send(
                    receiver,
                    uid,
                    Objects.CT,
                    Uids.EXPLICIT_LITTLE,
                    Objects.dataSet(uid, "1.2.826.1", "1.2.826.1.1", 1_000 * i));
        }
    }

    static ForwardProgress progress(Receiver receiver, String name) throws IOException {
        return receiver.imaging.forwarded().stream()
                .filter(each -> each.to().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitSettled(Receiver receiver, String name) throws Exception {
        Objects.await(
                "nothing waits for " + name, () -> progress(receiver, name).waiting() == 0);
    }

    private void assertHeld(Storescp peer) throws IOException {
        Map<String, Path> held = peer.files();
        assertEquals(sent.keySet(), held.keySet());
        for (Map.Entry<String, byte[]> each : sent.entrySet()) {
            assertArrayEquals(
                    each.getValue(),
                    Objects.data(java.util.Objects.requireNonNull(held.get(each.getKey()))),
                    each.getKey());
        }
    }

    @Test
    void everyDestinationGetsWhatItTakesByteForByte() throws Exception {
        try (Storescp all = new Storescp(work, "+B", "+xa", "-pm");
                Storescp some = new Storescp(work, "+B", "+xa")) {
            Filter onlyMr = new Filter(Set.of("MR"), Set.of(), Set.of());
            Destination picky = new Destination("mr", some.node(), "WASLA", onlyMr, Filter.NONE, false, false, 1_000);
            try (Receiver receiver = receiver(dir, false, to("pacs", all.node()), picky)) {
                sendImages(receiver, 0, 10);
                byte[] odd = Objects.noise(70_000, 3);
                send(receiver, "1.2.826.10", "1.2.3.4.5", JPEG, odd);
                byte[] mr = DataSetBytes.explicit()
                        .text(0x0008_0060, "CS", "MR")
                        .element(0x7fe0_0010, "OW", Objects.noise(300_000, 4))
                        .toArray();
                send(receiver, "1.2.826.11", "1.2.840.10008.5.1.4.1.1.4", Uids.EXPLICIT_LITTLE, mr);
                awaitSettled(receiver, "pacs");
                awaitSettled(receiver, "mr");
                assertEquals(12, progress(receiver, "pacs").sent());
            }
            assertHeld(all);
            assertEquals(Set.of("1.2.826.11"), some.files().keySet());
            assertArrayEquals(
                    sent.get("1.2.826.11"),
                    Objects.data(java.util.Objects.requireNonNull(some.files().get("1.2.826.11"))));
        }
    }

    /** Also in the middle of an object, and while the box itself starts anew. */
    @Test
    void whatADestinationMissedComesWhenItIsBack() throws Exception {
        try (Storescp peer = new Storescp(work, "+B", "+xa")) {
            try (Receiver receiver = receiver(dir, false, to("pacs", peer.node()))) {
                sendImages(receiver, 0, 3);
                awaitSettled(receiver, "pacs");
                String big = "1.2.826.12";
                byte[] data = Objects.dataSet(big, "1.2.826.1", "1.2.826.1.1", 32 << 20);
                send(receiver, big, Objects.CT, Uids.EXPLICIT_LITTLE, data);
                Objects.await("the big one is on its way", () -> files(peer.received) == 4);
                peer.kill();
                try (var left = Files.list(peer.received)) {
                    for (Path part : left.filter(file -> size(file) > 1 << 20).toList()) {
                        Files.delete(part);
                    }
                }
                sendImages(receiver, 3, 6);
                Objects.await(
                        "the failure shows",
                        () -> !progress(receiver, "pacs").lastError().isEmpty());
                assertEquals(4, progress(receiver, "pacs").waiting());
                assertNotNull(progress(receiver, "pacs").oldestMs());
            }
            peer.restart("+B", "+xa");
            try (Receiver receiver = receiver(dir, false, to("pacs", peer.node()))) {
                awaitSettled(receiver, "pacs");
                assertEquals(4, progress(receiver, "pacs").sent(), "what was there already came again");
            }
            assertHeld(peer);
        }
    }

    private static long files(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.count();
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    /** An encoding that a destination does not take is set aside with the reason, and goes when it is ordered again. */
    @Test
    void whatIsRefusedIsKeptAndSentOnOrder() throws Exception {
        try (Storescp peer = new Storescp(work, "+B")) {
            try (Receiver receiver = receiver(dir, false, to("pacs", peer.node()))) {
                sendImages(receiver, 0, 1);
                send(receiver, "1.2.826.13", Objects.CT, JPEG, Objects.noise(1_000, 1));
                sendImages(receiver, 1, 2);
                awaitSettled(receiver, "pacs");
                assertEquals(2, progress(receiver, "pacs").sent());
                assertEquals(
                        Map.of("context-refused", 1), progress(receiver, "pacs").aside());
                peer.restart("+B", "+xa");
                BitSet numbers = new BitSet();
                Objects.listed(dir).values().stream()
                        .filter(each -> each.transferSyntax().equals(JPEG))
                        .forEach(each -> numbers.set(each.number()));
                ForwardOrders.place(dir, List.of("pacs"), numbers);
                Objects.await("the order is carried out", () -> peer.files().size() == 3);
                Objects.await(
                        "nothing is aside",
                        () -> progress(receiver, "pacs").aside().isEmpty());
            }
            assertHeld(peer);
        }
    }

    /** What every destination has may go, and what comes again afterwards is new. */
    @Test
    void whatHasArrivedIsDeletedAndMayComeAgain() throws Exception {
        try (Storescp peer = new Storescp(work, "+B", "+xa")) {
            try (Receiver receiver = receiver(dir, true, to("pacs", peer.node()))) {
                sendImages(receiver, 0, 5);
                awaitSettled(receiver, "pacs");
                Objects.await("all are deleted", () -> receiver.imaging.deleted() == 5);
                assertEquals(0, receiver.imaging.figures().instances());
                assertEquals(0, receiver.imaging.figures().bytes());
                assertEquals(List.of(), Objects.files(dir, ".dcm"));
            }
            peer.kill();
            try (Receiver receiver = receiver(dir, true, to("pacs", peer.node()))) {
                sendImages(receiver, 2, 3);
                assertEquals(1, receiver.imaging.figures().instances());
                assertEquals(1, progress(receiver, "pacs").waiting());
                peer.restart("+B", "+xa");
                awaitSettled(receiver, "pacs");
                Objects.await("it is deleted", () -> receiver.imaging.deleted() == 1);
            }
            assertHeld(peer);
        }
    }

    /** "Out of resources" is no refusal: the peer here is a second box of ours, whose disk is full. */
    @Test
    void aDestinationThatIsFullGetsTheRestWhenThereIsRoom() throws Exception {
        int port = Storescp.freePort();
        ForwardSettings.Node node = new ForwardSettings.Node("WASLA", "127.0.0.1", port, null);
        Path there = work.resolve("there");
        try (Receiver receiver = receiver(dir, false, to("pacs", node))) {
            try (Receiver full = peer(there, port, 20_000)) {
                sendImages(receiver, 8, 12);
                assertEquals(port, full.port());
                Objects.await(
                        "the answer shows",
                        () -> progress(receiver, "pacs").lastError().equals("status-A700"));
                assertEquals(Map.of(), progress(receiver, "pacs").aside());
            }
            try (Receiver roomy = peer(there, port, 1 << 30)) {
                awaitSettled(receiver, "pacs");
                assertEquals(4, roomy.imaging.figures().instances());
            }
        }
    }

    private static Receiver peer(Path dir, int port, long maxBytes) throws IOException {
        return new Receiver(
                dir,
                new ImagingSettings("WASLA", true, port, List.of(), dir, maxBytes, 1_000, null, Limits.USUAL),
                Timing.USUAL);
    }

    /** Acknowledged to the scanner, killed at any moment: it arrives. */
    @Test
    void everythingArrivesThoughTheBoxIsKilled() throws Exception {
        try (Storescp peer = new Storescp(work, "+B", "+xa")) {
            for (int round = 0; round < ROUNDS; round++) {
                Process child = child(peer.port);
                try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                    FileHead head = new FileHead(Objects.CT, "", Uids.EXPLICIT_LITTLE, "", 0);
                    Sender.Peer box = new Sender.Peer("127.0.0.1", Integer.parseInt(out.readLine()), "WASLA", "CT1");
                    try (Sender sender = Sender.open(box, List.of(head), Timing.USUAL)) {
                        for (int i = 0; i < 20; i++) {
                            send(sender, "1.2.826.20." + round + "." + i);
                        }
                    }
                } finally {
                    child.destroyForcibly().waitFor();
                }
            }
            try (Receiver receiver = receiver(dir, true, to("pacs", peer.node()))) {
                awaitSettled(receiver, "pacs");
            }
            assertHeld(peer);
        }
    }

    private void send(Sender sender, String uid) throws IOException {
        byte[] data = Objects.dataSet(uid, "1.2.826.1", "1.2.826.1.1", 200_000);
        FileHead head = new FileHead(Objects.CT, uid, Uids.EXPLICIT_LITTLE, "", 0);
        assertEquals(0, sender.store(head, out -> out.write(data)).orElseThrow());
        sent.put(uid, data);
    }

    private Process child(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ForwardChild.class.getName(),
                        dir.toString(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void aResearchDestinationLearnsNobodysName() throws Exception {
        String secret = "ZZSECRET";
        try (Storescp peer = new Storescp(work, "+xa")) {
            Destination research =
                    new Destination("research", peer.node(), "WASLA", Filter.NONE, Filter.NONE, true, false, 1_000);
            byte[] pixels = Objects.noise(100_000, 5);
            try (Receiver receiver = receiver(dir, false, research)) {
                for (String burnt : List.of("NO", "YES")) {
                    String uid = "1.2.826.30." + burnt.length();
                    byte[] data = DataSetBytes.explicit()
                            .text(0x0008_0016, "UI", Objects.CT)
                            .text(0x0008_0018, "UI", uid)
                            .text(0x0008_0060, "CS", "CT")
                            .text(0x0008_0080, "LO", secret)
                            .text(0x0009_0010, "LO", secret)
                            .text(0x0010_0010, "PN", secret)
                            .text(0x0010_0020, "LO", secret)
                            .text(0x0020_000d, "UI", "1.2.826.30")
                            .text(0x0028_0301, "CS", burnt)
                            .element(0x7fe0_0010, "OW", pixels)
                            .toArray();
                    send(receiver, uid, Objects.CT, Uids.EXPLICIT_LITTLE, data);
                }
                awaitSettled(receiver, "research");
                assertEquals(1, progress(receiver, "research").withheld());
            }
            List<Path> files = new ArrayList<>(peer.files().values());
            assertEquals(1, files.size());
            String held = Files.readString(files.get(0), StandardCharsets.ISO_8859_1);
            assertFalse(held.contains(secret));
            assertFalse(held.contains("1.2.826.30"));
            assertTrue(held.contains("PS3.15 basic profile"));
            assertTrue(held.endsWith(new String(pixels, StandardCharsets.ISO_8859_1)), "the pixels differ");
        }
    }
}
