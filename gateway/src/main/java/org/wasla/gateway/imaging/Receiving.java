package org.wasla.gateway.imaging;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.dicom.Association;
import org.wasla.gateway.dicom.CommandSet;
import org.wasla.gateway.dicom.Effect;
import org.wasla.gateway.dicom.Uids;

/**
 * The services of one association: C-ECHO and C-STORE. The data set of what is refused is drained, and the association
 * lives. One thread.
 */
final class Receiving implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Receiving.class);
    private static final int CANNOT_UNDERSTAND = 0xc000;

    private final ObjectStore store;
    private final Association association;
    private final StoredObjects after;
    private final String caller;
    private @Nullable CommandSet command;
    private @Nullable Incoming incoming;
    private int status;

    Receiving(ObjectStore store, Association association, StoredObjects after, String caller) {
        this.store = store;
        this.association = association;
        this.after = after;
        this.caller = caller;
    }

    /** Takes a command; gives the answer when it is due already. */
    @Nullable
    CommandSet onCommand(Effect.Command effect) {
        CommandSet set = effect.set();
        boolean isReply = (set.command() & CommandSet.REPLY) != 0;
        command = isReply || set.command() == CommandSet.C_CANCEL ? null : set;
        status = CommandSet.SUCCESS;
        if (command == null) {
            return null;
        }
        if (set.command() == CommandSet.C_STORE) {
            status = begin(effect.context(), set);
        } else if (set.command() != CommandSet.C_ECHO) {
            status = CommandSet.UNRECOGNISED_OPERATION;
        }
        return set.hasDataSet() ? null : reply();
    }

    private int begin(int context, CommandSet set) {
        String sopClass = set.text(CommandSet.SOP_CLASS);
        String uid = set.text(CommandSet.INSTANCE);
        String syntax = association.transferSyntax(context);
        if (!Uids.isUsable(sopClass) || syntax == null || !Uids.isStorage(sopClass)) {
            return CommandSet.CLASS_NOT_SUPPORTED;
        }
        if (!Uids.isUsable(uid)) {
            return CommandSet.INVALID_INSTANCE;
        }
        if (!set.hasDataSet()) {
            return CANNOT_UNDERSTAND;
        }
        try {
            incoming = store.begin(sopClass, uid, syntax, caller);
            return incoming == null ? CommandSet.OUT_OF_RESOURCES : CommandSet.SUCCESS;
        } catch (IOException e) {
            return failed(e);
        }
    }

    /** Takes bytes of a data set; gives the answer after the last. */
    @Nullable
    CommandSet onData(Effect.Data data, byte[] chunk) {
        Incoming to = incoming;
        if (to != null) {
            try {
                if (!to.write(chunk, data.from(), data.to())) {
                    refuse();
                } else if (data.isLast()) {
                    commit(to);
                }
            } catch (IOException e) {
                status = failed(e);
            }
        }
        return data.isLast() && command != null ? reply() : null;
    }

    private void commit(Incoming whole) throws IOException {
        if (whole.commit() == Incoming.Outcome.NO_ROOM) {
            refuse();
            return;
        }
        Instance stored = whole.stored();
        close();
        if (stored != null) {
            after.stored(stored);
        }
    }

    private void refuse() {
        status = CommandSet.OUT_OF_RESOURCES;
        LOG.warn("imaging caller={} no room for more objects", caller);
        close();
    }

    private int failed(IOException why) {
        LOG.warn("imaging caller={} object not stored error=\"{}\"", caller, why.getMessage());
        close();
        return CommandSet.OUT_OF_RESOURCES;
    }

    private @Nullable CommandSet reply() {
        CommandSet of = command;
        command = null;
        return of == null ? null : of.reply(status);
    }

    /** Leaves nothing of an object that is not whole. */
    @Override
    public void close() {
        Incoming dropped = incoming;
        incoming = null;
        if (dropped != null) {
            try {
                dropped.close();
            } catch (IOException e) {
                LOG.warn("imaging part not removed error=\"{}\"", e.getMessage());
            }
        }
    }

    /** Takes what was stored; called by the receiving threads, before the answer is written. */
    @FunctionalInterface
    interface StoredObjects {
        void stored(Instance instance);
    }
}
