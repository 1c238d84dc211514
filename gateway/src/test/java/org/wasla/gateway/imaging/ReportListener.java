package org.wasla.gateway.imaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;

/** A modality that listens for reports of storage commitment, on a thread of its own; it refuses the first ones if told so. */
final class ReportListener implements AutoCloseable {
    final List<DataSet> reports = new CopyOnWriteArrayList<>();
    final List<Integer> events = new CopyOnWriteArrayList<>();
    final AtomicInteger refusals = new AtomicInteger();
    private final ServerSocket server;

    ReportListener() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::run, "report-listener");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void run() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(20_000);
                talk(socket);
            } catch (IOException ended) {
                // the next one comes, or the test is over
            }
        }
    }

    private void talk(Socket socket) throws IOException {
        Association association = Association.acceptor(Timing.USUAL, System.nanoTime());
        byte[] chunk = new byte[64 << 10];
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        @Nullable CommandSet command = null;
        int read = socket.getInputStream().read(chunk);
        while (read >= 0) {
            List<Effect> effects = new ArrayList<>(association.onBytes(chunk, 0, read, System.nanoTime()));
            for (int i = 0; i < effects.size(); i++) {
                Effect effect = effects.get(i);
                if (effect instanceof Effect.Requested requested) {
                    effects.addAll(association.accept(accept(requested.request()), 0, System.nanoTime()));
                } else if (effect instanceof Effect.Command of) {
                    command = of.set();
                } else if (effect instanceof Effect.Data part && command != null) {
                    data.write(chunk, part.from(), part.to() - part.from());
                    if (part.isLast()) {
                        socket.getOutputStream().write(answer(association, part.context(), command, data));
                    }
                } else if (effect instanceof Effect.Send send) {
                    socket.getOutputStream().write(send.bytes().toArray());
                } else if (effect instanceof Effect.ReleaseRequested) {
                    effects.addAll(association.release(System.nanoTime()));
                }
            }
            read = socket.getInputStream().read(chunk);
        }
    }

    private static Pdu.Accept accept(Pdu.Request request) {
        Pdu.Proposal first = request.proposals().get(0);
        Pdu.Answer answer = new Pdu.Answer(
                first.id(), Pdu.Outcome.ACCEPTED, first.transferSyntaxes().get(0));
        Pdu.User user =
                new Pdu.User(0, Uids.IMPLEMENTATION, null, request.user().roles(), false);
        return new Pdu.Accept(request.titles(), List.of(answer), user);
    }

    private byte[] answer(Association association, int context, CommandSet command, ByteArrayOutputStream data)
            throws IOException {
        boolean isRefused = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (!isRefused) {
            byte[] bytes = data.toByteArray();
            String syntax = String.valueOf(association.transferSyntax(context));
            events.add(command.number(CommandSet.EVENT_TYPE, 0));
            reports.add(DataSetFile.read(new ByteArrayInputStream(bytes), bytes.length, syntax, "")
                    .data());
        }
        data.reset();
        return Fragments.command(context, command.reply(isRefused ? 0x0110 : 0), 0)
                .toArray();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
