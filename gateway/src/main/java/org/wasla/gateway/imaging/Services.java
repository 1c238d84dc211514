package org.wasla.gateway.imaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetFile;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.Pdu;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.imaging.CommitBook.Asked;

/**
 * The services of one association that are about steps and not about objects: performed steps (MPPS), storage commitment,
 * worklist. What is to be said is asked for by {@link #next}, so that a peer is heard between two answers. One thread.
 */
final class Services implements AutoCloseable {
    static final Set<String> CLASSES = Set.of(StepBook.SOP_CLASS, CommitBook.SOP_CLASS, Worklist.SOP_CLASS);
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);
    private static final int MISTYPED = 0x0212;
    private static final int NO_SUCH_ACTION = 0x0123;
    private static final int NOT_TO_BE_CHANGED = 0xa710;
    private static final int CANCELLED = 0xfe00;
    private static final int PENDING = 0xff00;
    private static final int UNABLE = 0xc001;
    private static final int DATA_BYTES_MAX = 1 << 20;
    /** What was asked for a moment ago may be followed by the end: then the report goes another way. */
    private static final long REPORT_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(300);

    private final StepDesk desk;
    private final Association association;
    private final String caller;
    private final String address;
    private final Map<Integer, String> classes = new HashMap<>();
    private final Deque<PeerMessage> due = new ArrayDeque<>();
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private @Nullable CommandSet command;
    private boolean isTooLong;
    private int finding;
    private int findContext;
    private Iterator<Bytes> found = Collections.emptyIterator();
    private @Nullable CommandSet find;
    private int findEnd;
    private @Nullable Asked reporting;
    private boolean isReportRefused;
    private long quietSinceNs = System.nanoTime();
    private int messages;

    Services(StepDesk desk, Association association, Pdu.Request request, String address) {
        this.desk = desk;
        this.association = association;
        this.caller = request.calling();
        this.address = address;
        for (Pdu.Proposal each : request.proposals()) {
            if (CLASSES.contains(each.abstractSyntax())) {
                classes.put(each.id(), each.abstractSyntax());
            }
        }
    }

    /** Takes a command of one of these services. @return whether it is one */
    boolean onCommand(Effect.Command effect) {
        String sopClass = classes.get(effect.context());
        if (sopClass == null) {
            return false;
        }
        command = effect.set();
        gathered.reset();
        isTooLong = false;
        if (!effect.set().hasDataSet()) {
            perform(effect.context(), sopClass, effect.set());
        }
        return true;
    }

    /** Takes bytes of a data set. @return whether it is that of one of these services */
    boolean onData(Effect.Data data, byte[] chunk) {
        String sopClass = classes.get(data.context());
        CommandSet of = command;
        if (sopClass == null || of == null) {
            return false;
        }
        if (gathered.size() + data.to() - data.from() > DATA_BYTES_MAX) {
            isTooLong = true;
            gathered.reset();
        }
        if (!isTooLong) {
            gathered.write(chunk, data.from(), data.to() - data.from());
        }
        if (data.isLast()) {
            perform(data.context(), sopClass, of);
        }
        return true;
    }

    private void perform(int context, String sopClass, CommandSet set) {
        command = null;
        if (set.command() == CommandSet.C_CANCEL) {
            cancel(set);
            return;
        }
        if ((set.command() & CommandSet.REPLY) != 0) {
            reported(set);
            return;
        }
        if (isTooLong) {
            reply(context, set, StepBook.NO_RESOURCES);
            return;
        }
        try {
            DataSet data = read(context);
            switch (sopClass) {
                case StepBook.SOP_CLASS -> step(context, set, data);
                case CommitBook.SOP_CLASS -> commit(context, set, data);
                default -> find(context, set, data);
            }
        } catch (IOException notKept) {
            LOG.warn("imaging caller={} request not kept error=\"{}\"", caller, notKept.getMessage());
            reply(context, set, StepBook.NO_RESOURCES);
        }
    }

    private DataSet read(int context) throws IOException {
        byte[] bytes = gathered.toByteArray();
        gathered.reset();
        String syntax = String.valueOf(association.transferSyntax(context));
        return DataSetFile.read(new ByteArrayInputStream(bytes), bytes.length, syntax, desk.charset(caller))
                .data();
    }

    private void step(int context, CommandSet set, DataSet data) throws IOException {
        if (set.command() == CommandSet.N_CREATE) {
            String uid = set.text(CommandSet.INSTANCE);
            String own = uid.isEmpty() ? StepDesk.newUid() : uid;
            CommandSet named = set.with(CommandSet.INSTANCE, own);
            reply(context, named, set.hasDataSet() ? desk.create(own, caller, data) : MISTYPED);
        } else if (set.command() == CommandSet.N_SET) {
            String uid = set.text(CommandSet.REQUESTED_INSTANCE);
            reply(context, set, set.hasDataSet() ? desk.set(uid, data) : MISTYPED);
        } else {
            reply(context, set, CommandSet.UNRECOGNISED_OPERATION);
        }
    }

    private void commit(int context, CommandSet set, DataSet data) throws IOException {
        if (set.command() != CommandSet.N_ACTION) {
            reply(context, set, CommandSet.UNRECOGNISED_OPERATION);
        } else if (!set.text(CommandSet.REQUESTED_INSTANCE).equals(CommitBook.INSTANCE)) {
            reply(context, set, StepBook.NO_SUCH_INSTANCE);
        } else if (set.number(CommandSet.ACTION_TYPE, 0) != 1) {
            reply(context, set, NO_SUCH_ACTION);
        } else {
            reply(context, set, set.hasDataSet() ? desk.commits().ask(data, caller, address) : MISTYPED);
        }
    }

    private void find(int context, CommandSet set, DataSet data) {
        if (set.command() != CommandSet.C_FIND) {
            reply(context, set, CommandSet.UNRECOGNISED_OPERATION);
        } else if (!set.hasDataSet()) {
            reply(context, set, UNABLE);
        } else if (find != null) {
            // One at a time was agreed upon.
            reply(context, set, CommandSet.OUT_OF_RESOURCES);
        } else {
            String syntax = String.valueOf(association.transferSyntax(context));
            Worklist.Found answer = desk.find(data, caller, syntax);
            findContext = context;
            finding = set.number(CommandSet.MESSAGE_ID, 0);
            found = answer.items().iterator();
            findEnd = answer.isAll() ? CommandSet.SUCCESS : CommandSet.OUT_OF_RESOURCES;
            find = set;
        }
    }

    private void cancel(CommandSet set) {
        if (find != null && set.number(CommandSet.REPLIED_TO, -1) == finding) {
            found = Collections.emptyIterator();
            findEnd = CANCELLED;
        }
    }

    private void reported(CommandSet reply) {
        Asked asked = reporting;
        reporting = null;
        if (asked == null) {
            return;
        }
        try {
            if (reply.number(CommandSet.STATUS, -1) == CommandSet.SUCCESS) {
                desk.commits().done(asked);
            } else {
                isReportRefused = true;
                desk.commits().release(asked);
            }
        } catch (IOException e) {
            LOG.warn("imaging caller={} commitment not noted as answered error=\"{}\"", caller, e.getMessage());
        }
    }

    private void reply(int context, CommandSet to, int status) {
        CommandSet reply = to.reply(status);
        if (!to.text(CommandSet.REQUESTED_INSTANCE).isEmpty()) {
            reply = reply.with(CommandSet.SOP_CLASS, to.text(CommandSet.REQUESTED_CLASS))
                    .with(CommandSet.INSTANCE, to.text(CommandSet.REQUESTED_INSTANCE));
        }
        if (to.command() == CommandSet.N_SET && status == StepBook.PROCESSING_FAILURE) {
            reply = reply.with(CommandSet.ERROR_ID, NOT_TO_BE_CHANGED)
                    .with(CommandSet.COMMENT, "the step is final and may no longer be updated");
        } else if (status == StepBook.MISSING_ATTRIBUTE) {
            reply = reply.with(CommandSet.COMMENT, "needs (0040,0252), and (0020,000D) in (0040,0270)");
        }
        if (to.command() == CommandSet.N_ACTION) {
            reply = reply.with(CommandSet.ACTION_TYPE, to.number(CommandSet.ACTION_TYPE, 0));
        }
        due.add(PeerMessage.of(context, reply));
    }

    /** The peer has said something; what it does not wait for is not said in between. */
    void heard(long nowNs) {
        quietSinceNs = nowNs;
    }

    /** How long it takes until there is something to say, ns; {@code Long.MAX_VALUE}: nothing is to be said. */
    long waitNs(long nowNs) {
        if (find != null) {
            return 0;
        }
        boolean mayReport = reporting == null && !isReportRefused && classes.containsValue(CommitBook.SOP_CLASS);
        return mayReport ? Math.max(0, REPORT_AFTER_NS - (nowNs - quietSinceNs)) : Long.MAX_VALUE;
    }

    /** An answer that is due at once; null when there is none. */
    @Nullable
    PeerMessage reply() {
        return due.poll();
    }

    /** The next thing to say while the peer is silent; null when there is none. */
    @Nullable
    PeerMessage next(long nowNs) throws IOException {
        CommandSet asked = find;
        if (asked != null && found.hasNext()) {
            return new PeerMessage(findContext, asked.reply(PENDING).withDataSet(), found.next());
        }
        if (asked != null) {
            find = null;
            CommandSet end = asked.reply(findEnd);
            return PeerMessage.of(
                    findContext,
                    findEnd == CommandSet.OUT_OF_RESOURCES
                            ? end.with(CommandSet.COMMENT, "more steps match; ask for fewer")
                            : end);
        }
        return waitNs(nowNs) == 0 ? report(nowNs) : null;
    }

    /** On the association that asked, or on a later one of the same caller. */
    private @Nullable PeerMessage report(long nowNs) throws IOException {
        quietSinceNs = nowNs;
        int context = commitContext();
        Asked asked = context == 0 ? null : desk.commits().claim(caller);
        if (asked == null) {
            return null;
        }
        reporting = asked;
        CommitBook.Report report = desk.commits().report(asked, String.valueOf(association.transferSyntax(context)));
        messages = messages % 0xffff + 1;
        return new PeerMessage(context, CommitReporter.command(report.event(), messages), report.data());
    }

    private int commitContext() {
        for (Map.Entry<Integer, String> each : classes.entrySet()) {
            if (each.getValue().equals(CommitBook.SOP_CLASS) && association.transferSyntax(each.getKey()) != null) {
                return each.getKey();
            }
        }
        return 0;
    }

    /** What was reported and not answered is reported another way. */
    @Override
    public void close() {
        Asked asked = reporting;
        reporting = null;
        if (asked != null) {
            desk.commits().release(asked);
        }
    }
}
