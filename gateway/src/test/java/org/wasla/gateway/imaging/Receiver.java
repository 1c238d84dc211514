package org.wasla.gateway.imaging;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.FileHead;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.imaging.Imaging.Told;
import org.wasla.gateway.imaging.ImagingSettings.Limits;
import org.wasla.gateway.observation.RecordBody;

/** A running receiver on a free port, and what it told. */
final class Receiver implements AutoCloseable {
    static final Timing QUICK = Timing.ofMs(1_000, 300, 20_000, 1_000);
    final Path dir;
    final Imaging imaging;
    final List<String> told = new CopyOnWriteArrayList<>();
    final List<RecordBody> records = new CopyOnWriteArrayList<>();

    /** Whether the buffer takes nothing. */
    volatile boolean refuses;

    final AtomicInteger refusals = new AtomicInteger();

    Receiver(Path dir, ImagingSettings settings, Timing timing) throws IOException {
        this.dir = dir;
        this.imaging = Imaging.start(settings, timing, this::take);
    }

    Receiver(Path dir, ImagingSettings settings, Surroundings around) throws IOException {
        this.dir = dir;
        this.imaging = Imaging.start(settings, Timing.USUAL, this::take, around);
    }

    private void take(Told news) throws IOException {
        if (refuses) {
            refusals.incrementAndGet();
            throw new IOException("the buffer is full");
        }
        for (RecordBody body : news.bodies()) {
            if (body instanceof RecordBody.Event event) {
                told.add(Stream.of("study", "series", "instances")
                        .map(field -> String.valueOf(event.fields().get(field)))
                        .collect(Collectors.joining(" ", event.name() + " ", "")));
            }
            records.add(body);
        }
    }

    static Receiver start(Path dir) throws IOException {
        return new Receiver(dir, settings(dir, Limits.USUAL, null), Timing.USUAL);
    }

    static Receiver start(Path dir, Limits limits, Timing timing) throws IOException {
        return new Receiver(dir, settings(dir, limits, null), timing);
    }

    static ImagingSettings settings(Path dir, Limits limits, ImagingSettings.@Nullable Tls tls) {
        return new ImagingSettings("WASLA", false, 0, List.of(), dir, 1L << 32, 1_000, tls, limits);
    }

    int port() {
        return imaging.ports().get(0);
    }

    Sender.Peer peer() {
        return peer("CT1");
    }

    Sender.Peer peer(String calling) {
        return new Sender.Peer("127.0.0.1", port(), "WASLA", calling);
    }

    Sender sender(FileHead... heads) throws IOException {
        return Sender.open(peer(), List.of(heads), Timing.USUAL);
    }

    Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    @Override
    public void close() throws IOException {
        imaging.close();
    }
}
