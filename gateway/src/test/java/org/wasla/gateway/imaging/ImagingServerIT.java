package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.ImagingSettings.Caller;
import org.wasla.gateway.imaging.ImagingSettings.Limits;

/** A receiver on the hospital's network: whoever calls and however, the next scanner gets through and loses nothing. */
class ImagingServerIT {
    @TempDir
    Path dir;

    @TempDir
    Path sources;

    private static FileHead head(Path file) throws IOException {
        return java.util.Objects.requireNonNull(Sender.head(file));
    }

    private void assertAlive(Receiver receiver) throws IOException {
        Path file = Objects.file(sources, "1.2.9." + System.nanoTime(), Objects.noise(30_000, 9));
        try (Sender sender = receiver.sender(head(file))) {
            assertEquals(CommandSet.SUCCESS, sender.echo());
            assertEquals(Optional.of(CommandSet.SUCCESS), sender.store(file, head(file)));
        }
    }

    /** Every object of the samples that can be sent, odd and cut ones among them, as raw bytes. */
    @Test
    void everySampleIsStoredByteByByte() throws Exception {
        Path samples = Path.of(System.getProperty("wasla.root", ".."), "../shared/captures/dicom");
        Assumptions.assumeTrue(Files.isDirectory(samples), "no samples in ../shared");
        Map<Path, FileHead> sendable = new HashMap<>();
        try (Stream<Path> all = Files.walk(samples)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                FileHead head = Sender.head(file);
                if (head != null && isSendable(head)) {
                    sendable.put(file, head);
                }
            }
        }
        assertTrue(sendable.size() >= 60, "only " + sendable.size() + " samples carry a SOP class");
        try (Receiver receiver = Receiver.start(dir)) {
            try (Sender sender = receiver.sender(sendable.values().toArray(new FileHead[0]))) {
                for (Map.Entry<Path, FileHead> each : sendable.entrySet()) {
                    assertEquals(
                            Optional.of(CommandSet.SUCCESS),
                            sender.store(each.getKey(), each.getValue()),
                            each.getKey().toString());
                }
            }
            assertAlive(receiver);
        }
        Map<String, List<byte[]>> held = new HashMap<>();
        for (Instance instance : Objects.listed(dir).values()) {
            held.computeIfAbsent(instance.uid(), uid -> new ArrayList<>())
                    .add(Objects.data(dir.resolve(instance.file())));
        }
        for (Path file : sendable.keySet()) {
            byte[] sent = Objects.data(file);
            byte[] even = java.util.Arrays.copyOf(sent, sent.length + sent.length % 2);
            List<byte[]> candidates = held.getOrDefault(sendable.get(file).instance(), List.of());
            assertTrue(
                    candidates.stream().anyMatch(bytes -> java.util.Arrays.equals(bytes, even)),
                    "not held as it was sent: " + file);
        }
    }

    private static boolean isSendable(FileHead head) {
        return Uids.isStorage(head.sopClass())
                && Uids.isUsable(head.sopClass())
                && Uids.isUsable(head.instance())
                && Uids.isUsable(head.transferSyntax());
    }

    @Test
    void anObjectThatIsCutLeavesNothing() throws Exception {
        byte[] data = Objects.noise(400_000, 4);
        Path file = Objects.file(sources, "1.2.3", data);
        try (Receiver receiver = Receiver.start(dir)) {
            byte[] talk = Files.readAllBytes(file);
            for (int cut : List.of(1, 100, 70_000, 390_000)) {
                sendCut(receiver, talk, cut);
            }
            Objects.await("all ended", () -> receiver.imaging.associations() == 0);
            assertEquals(List.of(), Objects.files(dir, ""));
            assertAlive(receiver);
        }
    }

    /** Request, command and the first bytes of an object, and then the plug is pulled. */
    private static void sendCut(Receiver receiver, byte[] object, int bytes) throws IOException {
        try (Socket socket = receiver.socket()) {
            RawTalk.associate(socket);
            RawTalk.store(socket, "1.2.3");
            RawTalk.data(socket, object, bytes);
        }
    }

    @Test
    void portScannersAndBrowsersDoNoHarm() throws Exception {
        try (Receiver receiver = Receiver.start(dir, Limits.USUAL, Receiver.QUICK)) {
            for (String line : List.of("", "GET / HTTP/1.1\r\n\r\n", "\0\0\0\0", "SSH-2.0-x\r\n", "\1\0\0\0")) {
                try (Socket socket = receiver.socket()) {
                    socket.getOutputStream().write(line.getBytes(StandardCharsets.ISO_8859_1));
                    socket.getInputStream().readAllBytes();
                }
            }
            assertAlive(receiver);
        }
    }

    /** Nothing, half a PDU, and an association that never ends: none of them keeps a place for ever. */
    @Test
    void sixtyFourSilentConnectionsKeepNobodyOut() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (Receiver receiver = Receiver.start(dir, new Limits(32, 8, 4, 10_000), Timing.USUAL)) {
            for (int i = 0; i < 64; i++) {
                silent.add(receiver.socket());
            }
            assertAlive(receiver);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aCallerGetsAsManyAssociationsAsItMay() throws Exception {
        try (Receiver receiver = Receiver.start(dir, new Limits(32, 8, 2, 60_000), Timing.USUAL);
                Sender first = receiver.sender();
                Sender second = receiver.sender()) {
            IOException refused = assertThrows(IOException.class, receiver::sender);
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("result 2, source 3, reason 2"),
                    refused.getMessage());
            assertEquals(0, first.echo());
            assertEquals(0, second.echo());
            Sender.open(receiver.peer("US1"), List.of(), Timing.USUAL).close();
        }
    }

    /** A modality that leaks associations would lock itself out: the one idle longest makes room. */
    @Test
    void anIdleAssociationMakesRoom() throws Exception {
        try (Receiver receiver = Receiver.start(dir, new Limits(32, 8, 1, 0), Timing.USUAL)) {
            Sender leaked = receiver.sender();
            assertEquals(0, leaked.echo());
            // It is idle once the server has seen its answer off, a moment after we have it.
            boolean isAlive = false;
            for (int tries = 1; !isAlive; tries++) {
                try {
                    assertAlive(receiver);
                    isAlive = true;
                } catch (IOException refused) {
                    assertTrue(tries < 50, String.valueOf(refused.getMessage()));
                    LockSupport.parkNanos(20_000_000L);
                }
            }
            assertThrows(IOException.class, leaked::echo);
        }
    }

    @Test
    void onlyKnownCallersAndOurTitleAreTaken() throws Exception {
        ImagingSettings open = Receiver.settings(dir, Limits.USUAL, null);
        ImagingSettings closed = new ImagingSettings(
                "WASLA",
                false,
                0,
                List.of(new Caller("CT1", null), new Caller("US1", "192.0.2.7")),
                dir,
                open.maxBytes(),
                open.quietMs(),
                null,
                Limits.USUAL);
        try (Receiver receiver = new Receiver(dir, closed, Timing.USUAL)) {
            assertAlive(receiver);
            assertRefused(receiver.peer("US1"), "reason 3");
            assertRefused(receiver.peer("XX"), "reason 3");
            assertRefused(new Sender.Peer("127.0.0.1", receiver.port(), "OTHER", "CT1"), "reason 7");
        }
    }

    private static void assertRefused(Sender.Peer peer, String why) {
        IOException refused = assertThrows(IOException.class, () -> Sender.open(peer, List.of(), Timing.USUAL));
        assertTrue(String.valueOf(refused.getMessage()).endsWith(why), refused.getMessage());
    }

    @Test
    void aFullStoreAnswersSoAndTheAssociationLives() throws Exception {
        ImagingSettings open = Receiver.settings(dir, Limits.USUAL, null);
        ImagingSettings small =
                new ImagingSettings("WASLA", false, 0, List.of(), dir, 1_000_000, open.quietMs(), null, Limits.USUAL);
        Path large = Objects.file(sources, "1.2.1", Objects.noise(2_000_000, 1));
        Path fits = Objects.file(sources, "1.2.2", Objects.noise(100_000, 2));
        try (Receiver receiver = new Receiver(dir, small, Timing.USUAL);
                Sender sender = receiver.sender(head(large))) {
            assertEquals(Optional.of(CommandSet.OUT_OF_RESOURCES), sender.store(large, head(large)));
            assertEquals(Optional.of(CommandSet.SUCCESS), sender.store(fits, head(fits)));
            assertEquals(0, sender.echo());
            assertEquals(1, Objects.files(dir, "").size());
        }
    }

    /** After the answer: which study, how many series and objects, and the end when no more come. */
    @Test
    void aStudyIsToldWhenItOpensAndWhenItIsQuiet() throws Exception {
        try (Receiver receiver = Receiver.start(dir)) {
            for (String uid : List.of("1.2.1", "1.2.2", "1.2.3")) {
                byte[] data = Objects.dataSet(uid, "1.9", uid.equals("1.2.3") ? "1.9.2" : "1.9.1", 1_000);
                Path file = Objects.file(sources, uid, data);
                try (Sender sender = receiver.sender(head(file))) {
                    assertEquals(Optional.of(CommandSet.SUCCESS), sender.store(file, head(file)));
                }
            }
            Objects.await("closed", () -> receiver.told.contains("study-closed 1.9 2 3"));
            assertEquals("study-opened 1.9 1 1", receiver.told.get(0));
        }
        // What was closed stays closed after a start.
        try (Receiver again = Receiver.start(dir)) {
            assertAlive(again);
            assertEquals(List.of(), again.told);
        }
    }

    @Test
    void severalSendersAtOnceLoseNothing() throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (Receiver receiver = Receiver.start(dir)) {
            for (int t = 0; t < 4; t++) {
                int sender = t;
                Thread thread = new Thread(() -> send(receiver, sender));
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        Map<Integer, Instance> listed = Objects.listed(dir);
        // Object 0 is the same for all four: stored once.
        assertEquals(4 * 29 + 1, listed.size());
        for (Instance instance : listed.values()) {
            long seed = Long.parseLong(instance.uid().substring(4));
            assertArrayEquals(Objects.noise(40_000, seed), Objects.data(dir.resolve(instance.file())));
        }
    }

    private void send(Receiver receiver, int sender) {
        try {
            Path own = Files.createDirectories(sources.resolve("s" + sender));
            Path first = Objects.file(own, "1.2.0", Objects.noise(40_000, 0));
            try (Sender to = receiver.sender(head(first))) {
                assertEquals(Optional.of(0), to.store(first, head(first)));
                for (int i = 1; i < 30; i++) {
                    int seed = 100 * sender + 1_000 + i;
                    Path file = Objects.file(own, "1.2." + seed, Objects.noise(40_000, seed));
                    assertEquals(Optional.of(0), to.store(file, head(file)));
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
