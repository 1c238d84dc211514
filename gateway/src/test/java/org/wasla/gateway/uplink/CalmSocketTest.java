package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets that come together share a write, none is left behind, and the bytes stay what they were. */
class CalmSocketTest {

    private static final byte PUBLISH = 0x32;
    private static final byte PING = (byte) 0xc0;

    /** Both ends of one connection. */
    private record Ends(CalmSocket ours, Socket theirs) implements AutoCloseable {

        static Ends open() throws IOException {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                CalmSocket ours = new CalmSocket(null);
                ours.connect(server.getLocalSocketAddress(), 5_000);
                Socket theirs = server.accept();
                theirs.setSoTimeout(10_000);
                return new Ends(ours, theirs);
            }
        }

        void send(byte type, int length) throws IOException {
            OutputStream out = ours.getOutputStream();
            byte[] packet = new byte[length];
            packet[0] = type;
            out.write(packet, 0, length);
            out.flush();
        }

        byte[] receive(int length) throws IOException {
            return theirs.getInputStream().readNBytes(length);
        }

        @Override
        public void close() throws IOException {
            ours.close();
            theirs.close();
        }
    }

    @Test
    void packetsWaitForThoseThatAreAnnouncedAndNoLonger() throws IOException {
        try (Ends ends = Ends.open()) {
            ends.ours().announce();
            ends.ours().announce();
            ends.send(PUBLISH, 10);
            assertEquals(0, ends.theirs().getInputStream().available());
            ends.send(PUBLISH, 10);
            assertEquals(20, ends.receive(20).length);
            ends.send(PING, 2);
            assertArrayEquals(new byte[] {PING, 0}, ends.receive(2));
        }
    }

    @Test
    void aPacketThatWasWrittenBeforeItWasAnnouncedHoldsNothingBack() throws IOException {
        try (Ends ends = Ends.open()) {
            ends.send(PUBLISH, 10);
            ends.ours().announce();
            assertEquals(10, ends.receive(10).length);
            ends.ours().announce();
            ends.send(PUBLISH, 10);
            assertEquals(10, ends.receive(10).length);
        }
    }

    @Test
    void packetsOfAnySizeArriveInOrder() throws Exception {
        Random random = new Random(3);
        int[] lengths = random.ints(200, 1, 20_000).toArray();
        try (Ends ends = Ends.open()) {
            Thread sender = new Thread(() -> {
                try {
                    OutputStream out = ends.ours().getOutputStream();
                    for (int length : lengths) {
                        ends.ours().announce();
                        byte[] packet = new byte[length];
                        packet[0] = PUBLISH;
                        packet[length - 1] = length == 1 ? PUBLISH : (byte) length;
                        int head = random.nextInt(length) + 1;
                        out.write(packet, 0, head);
                        out.write(packet, head, length - head);
                        out.flush();
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            sender.start();
            InputStream in = ends.theirs().getInputStream();
            for (int length : lengths) {
                byte[] packet = in.readNBytes(length);
                assertEquals(length, packet.length);
                assertEquals(length == 1 ? PUBLISH : (byte) length, packet[length - 1]);
            }
            sender.join();
        }
    }
}
