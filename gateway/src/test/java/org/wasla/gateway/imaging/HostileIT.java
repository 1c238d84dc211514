package org.wasla.gateway.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.wasla.gateway.dicom.CommandSet.N_CREATE;
import static org.wasla.gateway.dicom.CommandSet.N_SET;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.print.PrintClass;

/** At the wire: peers that mean no good or have gone mad, and a disk that is full for the kernel too. */
class HostileIT {
    @TempDir
    Path dir;

    @TempDir
    Path sources;

    private void assertAlive(Receiver receiver) throws IOException {
        Path file = Objects.file(sources, "1.2.9." + System.nanoTime(), Objects.noise(30_000, 9));
        FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
        try (Sender sender = receiver.sender(head)) {
            assertEquals(Optional.of(CommandSet.SUCCESS), sender.store(file, head));
        }
    }

    /** The request of an association for images and films, as bytes. */
    private static byte[] request() {
        Pdu.User user = new Pdu.User(0, "1.2.3", null, List.of(), false);
        List<Pdu.Proposal> proposals = List.of(
                new Pdu.Proposal(1, Objects.CT, List.of(Uids.EXPLICIT_LITTLE)),
                new Pdu.Proposal(3, FilmCaller.META, List.of(Uids.EXPLICIT_LITTLE)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Association ours = Association.requestor(Timing.USUAL, Pdu.Request.of("WASLA", "CT1", proposals, user), 0);
        for (Effect effect : ours.begin(0)) {
            if (effect instanceof Effect.Send send) {
                bytes.writeBytes(send.bytes().toArray());
            }
        }
        return bytes.toByteArray();
    }

    /** One byte at a time, each in good time: a request, then an object. Neither keeps its place for long. */
    @Test
    void whoSpeaksByDropsIsLeft() throws Exception {
        Timing quick = Timing.ofMs(300, 100, 20_000, 300);
        try (Receiver receiver = Receiver.start(dir, Limits.USUAL, quick)) {
            byte[] request = request();
            byte[] endless = new byte[100_000];
            for (boolean isInside : new boolean[] {false, true}) {
                try (Socket socket = receiver.socket()) {
                    if (isInside) {
                        RawTalk.associate(socket);
                        RawTalk.store(socket, "1.2.3");
                        socket.getOutputStream()
                                .write(new byte[] {4, 0, 0, 1, 0, 0, 0, 0, (byte) 0xff, (byte) 0xfc, 1, 0});
                    }
                    byte[] drops = isInside ? endless : request;
                    int[] sent = {0};
                    Objects.await("left", () -> !drop(socket, drops[sent[0]++ % drops.length]));
                    assertTrue(sent[0] < 500, "drops taken: " + sent[0]);
                }
            }
            Objects.await("ended", () -> receiver.imaging.associations() == 0);
            assertEquals(List.of(), Objects.files(dir, ""));
            assertAlive(receiver);
        }
    }

    private static boolean drop(Socket socket, byte octet) {
        try {
            socket.getOutputStream().write(octet);
            return true;
        } catch (IOException left) {
            return false;
        }
    }

    /** As many associations as a leaking modality opens: whoever comes with an object gets a place. */
    @Test
    void sixtyFourIdleAssociationsKeepNobodyOut() throws Exception {
        List<Sender> idle = new ArrayList<>();
        try (Receiver receiver = Receiver.start(dir, new Limits(64, 32, 16, 0), Timing.USUAL)) {
            for (int i = 0; i < 64; i++) {
                idle.add(Sender.open(receiver.peer("CT" + i % 8), List.of(), Timing.USUAL));
            }
            assertAlive(receiver);
            assertTrue(receiver.imaging.associations() <= 32);
        }
        assertEquals(64, idle.size());
    }

    /** Lengths of fragments that are 0 or odd are taken, those that cannot be end the association; nobody else notices. */
    @Test
    void fragmentsOfOddLengthsAreTakenAndThoseThatCannotBeAreNot() throws Exception {
        try (Receiver receiver = Receiver.start(dir)) {
            byte[] object = Objects.noise(1_001, 3);
            try (Socket socket = receiver.socket()) {
                RawTalk.associate(socket);
                RawTalk.store(socket, "1.2.3");
                fragment(socket, object, 0, 0, false);
                fragment(socket, object, 0, 501, false);
                fragment(socket, object, 501, 501, false);
                fragment(socket, object, 501, 1_001, true);
                assertEquals(4, socket.getInputStream().read());
            }
            byte[][] wrong = {
                {4, 0, 0, 0, 0, 8, 0, 0, 0, 0, 1, 2, 0, 0},
                {4, 0, 0, 0, 0, 6, 0, 0, 0, 1, 1, 2},
                {4, 0, 0, 0, 0, 8, 0x7f, -1, -1, -1, 1, 2, 0, 0},
                {4, 0, -1, -1, -1, -1, -1, -1, -1, -1, 1, 2},
                {4, 0, 0, 0, 0, 8, 0, 0, 0, 4, 7, 2, 0, 0}
            };
            for (byte[] pdu : wrong) {
                try (Socket socket = receiver.socket()) {
                    RawTalk.associate(socket);
                    RawTalk.store(socket, "1.2.4");
                    socket.getOutputStream().write(pdu);
                    assertEquals(7, socket.getInputStream().read(), java.util.Arrays.toString(pdu));
                }
            }
            assertAlive(receiver);
        }
        Instance held = Objects.listed(dir).values().iterator().next();
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                Objects.noise(1_001, 3), Objects.data(dir.resolve(held.file())));
    }

    private static void fragment(Socket socket, byte[] object, int from, int to, boolean isLast) throws IOException {
        byte[] pdu = new byte[Fragments.HEAD_BYTES + to - from];
        Fragments.head(pdu, 0, 1, false, isLast, to - from);
        System.arraycopy(object, from, pdu, Fragments.HEAD_BYTES, to - from);
        socket.getOutputStream().write(pdu);
    }

    /** A whole print, damaged at random and cut where it pleases: something is answered or it is ended. */
    @Test
    void damagedPrintTalksHarmNobody() throws Exception {
        ByteArrayOutputStream talk = new ByteArrayOutputStream();
        talk.writeBytes(request());
        message(
                talk,
                N_CREATE,
                PrintClass.FILM_SESSION,
                "1.2.1",
                Films.session().toArray());
        message(
                talk,
                N_CREATE,
                PrintClass.FILM_BOX,
                "1.2.2",
                Films.film("1.2.1", "STANDARD\\2,2").toArray());
        byte[] image = Films.picture(1, Films.module(8, 8).element(0x7fe0_0010, "OW", new byte[128]))
                .toArray();
        message(talk, N_SET, PrintClass.IMAGE_BOX, "1.2.3", image);
        message(talk, CommandSet.N_ACTION, PrintClass.FILM_SESSION, "1.2.1", new byte[0]);
        byte[] good = talk.toByteArray();
        Random random = new Random(31);
        try (Receiver receiver = Receiver.start(dir)) {
            for (int run = 0; run < 150; run++) {
                byte[] bytes = good.clone();
                for (int flips = random.nextInt(5); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                try (Socket socket = receiver.socket()) {
                    OutputStream out = socket.getOutputStream();
                    out.write(bytes, 0, random.nextInt(3) == 0 ? random.nextInt(bytes.length) : bytes.length);
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException ended) {
                    assertNotEquals("Connection refused", ended.getMessage());
                }
            }
            Objects.await("ended", () -> receiver.imaging.associations() == 0);
            assertEquals(List.of(), Objects.files(dir, ".part"));
            assertAlive(receiver);
        }
    }

    private static void message(ByteArrayOutputStream to, int command, PrintClass what, String uid, byte[] data) {
        CommandSet set = CommandSet.of(command)
                .with(CommandSet.MESSAGE_ID, 1)
                .with(command == N_CREATE ? CommandSet.SOP_CLASS : CommandSet.REQUESTED_CLASS, what.uid())
                .with(command == N_CREATE ? CommandSet.INSTANCE : CommandSet.REQUESTED_INSTANCE, uid)
                .with(CommandSet.ACTION_TYPE, 1);
        to.writeBytes(Fragments.command(3, data.length > 0 ? set.withDataSet() : set, 0)
                .toArray());
        if (data.length > 0) {
            byte[] pdu = new byte[Fragments.HEAD_BYTES + data.length];
            Fragments.head(pdu, 0, 3, false, true, data.length);
            System.arraycopy(data, 0, pdu, Fragments.HEAD_BYTES, data.length);
            to.writeBytes(pdu);
        }
    }

    /** The disk fills in mid-object, by bytes and then by names: A700, C605 for a film, and when there is room again it goes on. */
    @Test
    void aDiskThatFillsInMidObjectIsToldAndTheAssociationLives() throws Exception {
        Path disk = Files.createDirectory(sources.resolve("disk"));
        int code =
                Tool.run(sources, "/bin/mount", "-t", "tmpfs", "-o", "size=12m,nr_inodes=90", "tmpfs", disk.toString());
        Assumptions.assumeTrue(code == 0, "no file system can be mounted here: run as root");
        try {
            ImagingSettings settings = new ImagingSettings(
                    "WASLA", false, 0, List.of(), disk.resolve("store"), 4 << 20, 1_000, null, Limits.USUAL);
            try (Receiver receiver = new Receiver(disk.resolve("store"), settings, Timing.USUAL)) {
                fillInMidObject(receiver, disk);
                namesRunOut(receiver, disk);
            }
        } finally {
            Tool.run(sources, "/bin/umount", "-l", disk.toString());
        }
    }

    private void fillInMidObject(Receiver receiver, Path disk) throws Exception {
        Path file = Objects.file(sources, "1.2.7", Objects.noise(100_000, 7));
        FileHead head = java.util.Objects.requireNonNull(Sender.head(file));
        byte[] object = Objects.noise(1_000_000, 6);
        try (Socket socket = receiver.socket();
                FilmCaller films = new FilmCaller(receiver.socket());
                Sender sender = receiver.sender(head)) {
            RawTalk.associate(socket);
            RawTalk.store(socket, "1.2.6");
            RawTalk.data(socket, object, 600_000);
            Objects.await(
                    "under way",
                    () -> !Objects.files(disk.resolve("store"), ".part").isEmpty());
            assertEquals(
                    0,
                    films.ask(N_CREATE, PrintClass.FILM_SESSION, "1.2.1", Films.session())
                            .status());
            List<String> boxes = films.ask(N_CREATE, PrintClass.FILM_BOX, "", Films.film("1.2.1", "STANDARD\\1,1"))
                    .boxes(Films.IMAGE_BOXES);
            fill(disk.resolve("filler"));
            RawTalk.data(socket, object, 400_000);
            fragment(socket, object, 0, 0, true);
            assertEquals(CommandSet.OUT_OF_RESOURCES, status(socket));
            // What had come of it is gone already, and its room with it.
            fill(disk.resolve("more"));
            assertEquals(Optional.of(CommandSet.OUT_OF_RESOURCES), sender.store(file, head));
            assertEquals(
                    0xc605, films.picture(boxes.get(0), 1, 300, 300, i -> i).status());
            assertEquals(List.of(), Objects.files(disk.resolve("store"), ".part"));
            Files.delete(disk.resolve("filler"));
            Files.delete(disk.resolve("more"));
            assertEquals(Optional.of(CommandSet.SUCCESS), sender.store(file, head));
            assertEquals(0, films.picture(boxes.get(0), 1, 300, 300, i -> i).status());
        }
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 1_000; i++) {
                out.write(block);
            }
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("space"), full.getMessage());
        }
    }

    /** Of a P-DATA-TF with a C-STORE-RSP, whose status comes where it always does: the last element but the instance. */
    private static int status(Socket socket) throws IOException {
        byte[] head = socket.getInputStream().readNBytes(6);
        byte[] body = socket.getInputStream().readNBytes((head[4] & 0xff) << 8 | head[5] & 0xff);
        for (int at = 6; at < body.length - 10; at++) {
            if (body[at] == 0 && body[at + 1] == 0 && body[at + 2] == 0 && body[at + 3] == 9 && body[at + 4] == 2) {
                return body[at + 8] & 0xff | (body[at + 9] & 0xff) << 8;
            }
        }
        throw new IOException("no status");
    }

    private void namesRunOut(Receiver receiver, Path disk) throws Exception {
        int made = 0;
        try {
            while (made < 1_000) {
                Files.createFile(disk.resolve("n" + made));
                made++;
            }
        } catch (IOException full) {
            assertTrue(String.valueOf(full.getMessage()).contains("space"), full.getMessage());
        }
        int refused = 0;
        int last = 0;
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            files.add(Objects.file(sources, "1.3." + i, Objects.noise(1_000, i)));
        }
        FileHead first = java.util.Objects.requireNonNull(Sender.head(files.get(0)));
        try (Sender sender = receiver.sender(first)) {
            for (Path file : files) {
                last = sender.store(file, java.util.Objects.requireNonNull(Sender.head(file)))
                        .orElse(-1);
                refused += last == CommandSet.OUT_OF_RESOURCES ? 1 : 0;
            }
            assertTrue(refused > 0, "the names never ran out");
            assertEquals(CommandSet.OUT_OF_RESOURCES, last);
            for (int i = 0; i < made; i++) {
                Files.delete(disk.resolve("n" + i));
            }
            assertEquals(Optional.of(CommandSet.SUCCESS), sender.store(files.get(39), first(files.get(39))));
        }
    }

    private static FileHead first(Path file) throws IOException {
        return java.util.Objects.requireNonNull(Sender.head(file));
    }
}
