package org.wasla.gateway.imaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetBytes;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.dicom.Timing;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.print.PrintClass;

/** A scanner that prints, step by step as the test wants it. One thread. */
final class FilmCaller implements AutoCloseable {
    static final int FRAGMENT_BYTES = 30_000;
    static final String META = "1.2.840.10008.5.1.1.9";
    private static final int CONTEXT = 1;

    final Socket socket;
    private final Association association;
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final List<Integer> accepted = new ArrayList<>();
    private @Nullable CommandSet reply;
    private boolean isWhole;
    private boolean isOver;
    private int messages;

    /** What came back. */
    record Reply(int status, String instance, DataSet data) {
        /** Instances that a film refers to. */
        List<String> boxes(int sequence) {
            return data.items(sequence).stream()
                    .map(each -> String.valueOf(each.text(0x0008_1155)))
                    .toList();
        }
    }

    FilmCaller(Socket socket) throws IOException {
        this(socket, List.of(META, PrintClass.LOOKUP_TABLE.uid(), PrintClass.ANNOTATION_BOX.uid()));
    }

    FilmCaller(Socket socket, List<String> classes) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        List<Pdu.Proposal> proposals = new ArrayList<>();
        for (String each : classes) {
            proposals.add(new Pdu.Proposal(2 * proposals.size() + CONTEXT, each, List.of(Uids.EXPLICIT_LITTLE)));
        }
        Pdu.User user = new Pdu.User(16_384, "1.2.3", null, List.of(), false);
        association = Association.requestor(Timing.USUAL, Pdu.Request.of("WASLA", "CT1", proposals, user), 0);
        perform(association.begin(0), new byte[0]);
        while (accepted.isEmpty() && !isOver) {
            step();
        }
    }

    /** Ids of the contexts that were accepted; -1 stands for one that was not. */
    List<Integer> accepted() {
        return accepted;
    }

    private void step() throws IOException {
        byte[] chunk = new byte[16_384];
        InputStream in = socket.getInputStream();
        int read = in.read(chunk);
        if (read < 0) {
            isOver = true;
            throw new IOException("the receiver hung up");
        }
        perform(association.onBytes(chunk, 0, read, 0), chunk);
    }

    private void perform(List<Effect> effects, byte[] chunk) throws IOException {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Send send) {
                socket.getOutputStream().write(send.bytes().toArray());
            } else if (effect instanceof Effect.Established established) {
                for (Pdu.Answer answer : established.answer().answers()) {
                    accepted.add(answer.outcome() == Pdu.Outcome.ACCEPTED ? answer.id() : -1);
                }
            } else if (effect instanceof Effect.Command command) {
                reply = command.set();
                isWhole = !command.set().hasDataSet();
            } else if (effect instanceof Effect.Data part) {
                data.write(chunk, part.from(), part.to() - part.from());
                isWhole = part.isLast();
            } else if (effect instanceof Effect.Aborted || effect instanceof Effect.Close) {
                isOver = true;
            }
        }
    }

    private Reply answer() throws IOException {
        reply = null;
        isWhole = false;
        data.reset();
        while (!isWhole) {
            step();
        }
        CommandSet set = java.util.Objects.requireNonNull(reply);
        byte[] bytes = data.toByteArray();
        DataSet read = bytes.length == 0
                ? DataSet.EMPTY
                : DataSetFile.read(new java.io.ByteArrayInputStream(bytes), bytes.length, Uids.EXPLICIT_LITTLE, "")
                        .data();
        return new Reply(set.number(CommandSet.STATUS, -1), set.text(CommandSet.INSTANCE), read);
    }

    private CommandSet command(int command, PrintClass what, String uid) {
        boolean isCreate = command == CommandSet.N_CREATE;
        CommandSet set = CommandSet.of(command)
                .with(CommandSet.MESSAGE_ID, ++messages)
                .with(isCreate ? CommandSet.SOP_CLASS : CommandSet.REQUESTED_CLASS, what.uid());
        return uid.isEmpty() ? set : set.with(isCreate ? CommandSet.INSTANCE : CommandSet.REQUESTED_INSTANCE, uid);
    }

    /** A command without a data set. */
    Reply ask(int command, PrintClass what, String uid) throws IOException {
        CommandSet set = command(command, what, uid);
        send(command == CommandSet.N_ACTION ? set.with(CommandSet.ACTION_TYPE, 1) : set);
        return answer();
    }

    /** A command with one. */
    Reply ask(int command, PrintClass what, String uid, DataSetBytes sent) throws IOException {
        begin(command, what, uid);
        fragments(sent.toArray(), true);
        return answer();
    }

    void begin(int command, PrintClass what, String uid) throws IOException {
        send(command(command, what, uid).withDataSet());
    }

    private void send(CommandSet set) throws IOException {
        socket.getOutputStream().write(Fragments.command(CONTEXT, set, 0).toArray());
    }

    void fragments(byte[] bytes, boolean isLast) throws IOException {
        OutputStream out = socket.getOutputStream();
        int at = 0;
        do {
            int next = Math.min(bytes.length, at + FRAGMENT_BYTES);
            byte[] pdu = new byte[Fragments.HEAD_BYTES + next - at];
            Fragments.head(pdu, 0, CONTEXT, false, isLast && next == bytes.length, next - at);
            System.arraycopy(bytes, at, pdu, Fragments.HEAD_BYTES, next - at);
            out.write(pdu);
            at = next;
        } while (at < bytes.length);
    }

    /** Sends the picture of a box whose pixels are made as they go. */
    Reply picture(String box, int position, int rows, int columns, java.util.function.IntUnaryOperator pixel)
            throws IOException {
        begin(CommandSet.N_SET, PrintClass.IMAGE_BOX, box);
        fragments(Films.pictureHead(position, rows, columns), false);
        byte[] row = new byte[2 * columns];
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int value = pixel.applyAsInt(y * columns + x);
                row[2 * x] = (byte) value;
                row[2 * x + 1] = (byte) (value >> 8);
            }
            fragments(row, y == rows - 1);
        }
        return answer();
    }

    @Override
    public void close() throws IOException {
        if (!isOver) {
            perform(association.release(0), new byte[0]);
            while (!isOver) {
                step();
            }
        }
        socket.close();
    }
}
