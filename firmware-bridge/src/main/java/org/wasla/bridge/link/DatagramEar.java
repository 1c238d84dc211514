package org.wasla.bridge.link;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hears what devices send to everybody on a UDP port, by broadcast or to a multicast group; sends nothing itself. Other
 * programs may hear the same port. One thread reads; {@link #close} may come from any thread and frees it.
 */
public final class DatagramEar implements Closeable {
    private static final int DATAGRAM_BYTES_MAX = 65_536;
    private final DatagramChannel channel;
    private final Readiness readiness;
    private final ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM_BYTES_MAX);

    /**
     * @param host the sender's IPv4 address
     * @param text one character a byte
     */
    public record Datagram(String host, String text) {}

    private DatagramEar(DatagramChannel channel, Readiness readiness) {
        this.channel = channel;
        this.readiness = readiness;
    }

    /**
     * @param port 1 to 65535
     * @param group IPv4 multicast group to join on every network interface, or null for broadcasts alone
     */
    public static DatagramEar open(int port, @Nullable String group) throws IOException {
        Ports.check(port);
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(port));
            if (group != null) {
                join(channel, InetAddress.getByName(group));
            }
            Readiness readiness = new Readiness();
            readiness.add(channel);
            return new DatagramEar(channel, readiness);
        } catch (BindException taken) {
            channel.close();
            throw new IOException("UDP port " + port + " is in use by another program; stop it", taken);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    private static void join(DatagramChannel channel, InetAddress group) throws IOException {
        for (NetworkInterface face : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            try {
                if (face.isUp() && face.supportsMulticast()) {
                    channel.join(group, face);
                }
            } catch (IOException | IllegalArgumentException without) {
                // on an interface that cannot join no such device is heard; the others are to go on
            }
        }
    }

    /** @return what came next, waiting for it 1 ms or more; empty when the time ran out */
    public Optional<Datagram> read(int waitMs) throws IOException {
        Optional<Datagram> first = receive();
        if (first.isPresent()) {
            return first;
        }
        readiness.awaitInput(waitMs);
        return receive();
    }

    private Optional<Datagram> receive() throws IOException {
        buffer.clear();
        SocketAddress sender = channel.receive(buffer);
        if (!(sender instanceof InetSocketAddress from)) {
            return Optional.empty();
        }
        String text = StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
        return Optional.of(new Datagram(from.getAddress().getHostAddress(), text));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // the port is given back in any case
        }
        readiness.close();
    }
}
