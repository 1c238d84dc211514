package org.wasla.gateway.imaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetDraft;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.Fragments;
import org.wasla.gateway.dicom.Uids;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.print.Answer;
import org.wasla.gateway.print.Picture;
import org.wasla.gateway.print.PrintClass;
import org.wasla.gateway.print.PrintSession;
import org.wasla.gateway.print.PrintStatus;

/**
 * Print management on one association: pictures go to disk as they come, and become objects of the store when they are
 * printed. A print that was answered with success is durable. The data set of what is refused is read over, and the
 * association lives. One thread.
 */
final class Printing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Printing.class);
    private static final Set<Integer> COMMANDS =
            Set.of(CommandSet.N_CREATE, CommandSet.N_GET, CommandSet.N_SET, CommandSet.N_ACTION, CommandSet.N_DELETE);
    /** Of a data set without a picture. */
    private static final int GATHERED_BYTES_MAX = 256 << 10;

    private final ObjectStore store;
    private final Association association;
    private final ImagingServer server;
    private final String caller;
    private final PrintSession session = new PrintSession(Printing::newUid);
    private final Sheets sheets;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private Effect.@Nullable Command command;
    private int refusal;

    /** @param server takes what is stored, and counts */
    Printing(ObjectStore store, Association association, ImagingServer server, String caller) {
        this.store = store;
        this.association = association;
        this.server = server;
        this.caller = caller;
        this.sheets = new Sheets(store, caller);
    }

    /** From a random UUID (PS3.5 annex B.2). */
    private static String newUid() {
        UUID uuid = UUID.randomUUID();
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return "2.25." + new BigInteger(1, bytes.array());
    }

    /** Whether a command is print management's. */
    static boolean takes(CommandSet set) {
        return COMMANDS.contains(set.command()) && PrintSession.about(set) != null;
    }

    /** Whether the data set of the last command has not ended. */
    boolean isAwaiting() {
        return command != null;
    }

    /** Takes a command; gives what is to be written: nothing while a data set is awaited. */
    Bytes onCommand(Effect.Command effect) {
        CommandSet set = effect.set();
        String syntax = String.valueOf(association.transferSyntax(effect.context()));
        boolean isPlain = syntax.equals(Uids.IMPLICIT_LITTLE) || syntax.equals(Uids.EXPLICIT_LITTLE);
        refusal = isPlain ? PrintStatus.SUCCESS : CommandSet.CLASS_NOT_SUPPORTED;
        gathered.reset();
        if (!set.hasDataSet()) {
            return reply(effect, DataSet.EMPTY);
        }
        command = effect;
        if (isPicture(set) && isPlain) {
            begin(set, syntax);
        }
        return Bytes.NONE;
    }

    private static boolean isPicture(CommandSet set) {
        return set.command() == CommandSet.N_SET && PrintSession.about(set) == PrintClass.IMAGE_BOX;
    }

    private void begin(CommandSet set, String syntax) {
        String box = set.text(CommandSet.REQUESTED_INSTANCE);
        if (!session.boxes().contains(box)) {
            refusal = PrintStatus.NO_SUCH_INSTANCE;
            return;
        }
        try {
            if (!sheets.begin(box, syntax)) {
                full();
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Takes bytes of a data set; gives what is to be written: nothing before the last. */
    Bytes onData(Effect.Data data, byte[] chunk) {
        Effect.Command of = command;
        if (of == null) {
            return Bytes.NONE;
        }
        DataSet read = DataSet.EMPTY;
        try {
            take(data, chunk);
            if (!data.isLast()) {
                return Bytes.NONE;
            }
            read = refusal == PrintStatus.SUCCESS ? read(of) : read;
        } catch (IOException e) {
            failed(e);
        }
        command = data.isLast() ? null : of;
        return data.isLast() ? reply(of, read) : Bytes.NONE;
    }

    private void take(Effect.Data data, byte[] chunk) throws IOException {
        if (refusal != PrintStatus.SUCCESS) {
            return;
        }
        if (sheets.isComing()) {
            if (!sheets.write(chunk, data.from(), data.to())) {
                full();
            }
        } else if (gathered.size() + data.to() - data.from() > GATHERED_BYTES_MAX) {
            refuse(PrintStatus.LIMIT);
        } else {
            gathered.write(chunk, data.from(), data.to() - data.from());
        }
    }

    private DataSet read(Effect.Command of) throws IOException {
        DataSetFile.Reading reading;
        if (sheets.isComing()) {
            reading = sheets.read();
        } else {
            byte[] bytes = gathered.toByteArray();
            String syntax = association.transferSyntax(of.context());
            if (bytes.length == 0 || syntax == null) {
                return DataSet.EMPTY;
            }
            reading = DataSetFile.read(new ByteArrayInputStream(bytes), bytes.length, syntax, "");
        }
        if (reading == null) {
            full();
        } else if (!reading.isWhole()) {
            refuse(PrintStatus.PROCESSING_FAILURE);
        }
        return reading == null ? DataSet.EMPTY : reading.data();
    }

    private Bytes reply(Effect.Command to, DataSet data) {
        CommandSet set = to.set();
        Answer answer = refusal == PrintStatus.SUCCESS ? answer(set, data) : PrintSession.refused(set, refusal);
        sheets.refuse();
        server.answered(answer);
        CommandSet reply = set.reply(answer.status());
        if (!answer.sopClass().isEmpty()) {
            reply = reply.with(CommandSet.SOP_CLASS, answer.sopClass());
        }
        if (!answer.instance().isEmpty()) {
            reply = reply.with(CommandSet.INSTANCE, answer.instance());
        }
        long room = association.peerBytesMax();
        if (answer.data().elements().isEmpty()) {
            return Fragments.command(to.context(), reply, room);
        }
        String syntax = String.valueOf(association.transferSyntax(to.context()));
        byte[] head = Fragments.command(to.context(), reply.withDataSet(), room).toArray();
        byte[] body = Fragments.dataSet(to.context(), DataSetDraft.write(answer.data(), syntax), room)
                .toArray();
        byte[] all = java.util.Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return Bytes.of(all);
    }

    private Answer answer(CommandSet set, DataSet data) {
        try {
            Answer answer = session.on(set, data, System.currentTimeMillis(), !store.hasRoom(0));
            if (answer.isSuccess() && sheets.isComing() && PrintSession.hasPicture(data)) {
                sheets.keep(answer.instance());
            }
            sheets.retain(session.boxes());
            return print(answer) ? answer : PrintSession.refused(set, answer.otherwise());
        } catch (IOException e) {
            failed(e);
            return PrintSession.refused(set, refusal);
        }
    }

    /** Whether all that is printed is durable. */
    private boolean print(Answer answer) {
        long bytes = answer.pictures().stream().mapToLong(Picture::length).sum();
        try {
            if (bytes > 0 && !store.hasRoom(bytes)) {
                LOG.warn("imaging caller={} no room for a film", caller);
                return false;
            }
            for (Picture picture : answer.pictures()) {
                Instance stored = sheets.store(picture, session.head(picture));
                if (stored == null) {
                    LOG.warn("imaging caller={} no room for a film", caller);
                    return false;
                }
                session.stored(picture);
                server.stored(stored);
            }
            return true;
        } catch (IOException e) {
            LOG.warn("imaging caller={} film not stored error=\"{}\"", caller, e.getMessage());
            return false;
        }
    }

    private void refuse(int status) {
        refusal = status;
        sheets.refuse();
        LOG.debug("imaging caller={} print refused status={}", caller, Integer.toHexString(status));
    }

    private void full() {
        refuse(PrintStatus.NO_ROOM_FOR_IMAGE);
        LOG.warn("imaging caller={} no room for a printed picture", caller);
    }

    private void failed(IOException why) {
        refuse(PrintStatus.NO_ROOM_FOR_IMAGE);
        LOG.warn("imaging caller={} printed picture not held error=\"{}\"", caller, why.getMessage());
    }

    /** Leaves nothing of what was not printed. */
    @Override
    public void close() {
        sheets.close();
    }
}
