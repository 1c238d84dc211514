package org.wasla.gateway.device;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Once;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.outbox.Draft;

/** What a line's messages mean, into the buffer, and what is open of alarms with it. One thread. */
final class Intake {
    private final DeviceSettings settings;
    private final Keeper keeper;
    private final AlarmMemory memory;
    private final Watch watch;
    private final Tally tally;
    private final Once once = new Once();
    private final Marks marks;
    private Mapper mapper;

    Intake(DeviceSettings settings, Keeper keeper, AlarmMemory memory, Marks marks, Watch watch, Tally tally) {
        this.settings = settings;
        this.keeper = keeper;
        this.memory = memory;
        this.marks = marks;
        this.watch = watch;
        this.tally = tally;
        this.mapper = new Mapper(settings.profile().mapping());
    }

    /** What an earlier run left open still is, until the device is heard or has been silent for too long. */
    void remember() {
        boolean isOfThisProfile = memory.load();
        memory.restore(mapper);
        long nowMs = System.currentTimeMillis();
        memory.parts().stream()
                .filter(part -> !part.open().isEmpty())
                .forEach(part -> watch.alarms(part.device(), part.open(), nowMs));
        if (!isOfThisProfile) {
            endAlarms();
        }
    }

    /** The line is opened anew: samples count from 0, and what is open of alarms is what was told last. */
    void reopen() {
        mapper = new Mapper(settings.profile().mapping());
        memory.restore(mapper);
    }

    /** @return what the message became; nothing for one that is kept already */
    Taken take(Action.Deliver deliver) {
        String mark = mark(deliver);
        if (mark != null) {
            marks.recall(keeper.device(deliver.message()), once);
        }
        if (once.isRepeat(mark)) {
            tally.bad(Fault.REPEATED, deliver.size() > 0 ? 1 : 0, 0);
            return new Taken(deliver, Mapped.NOTHING, mark);
        }
        Mapped mapped = mapper.map(deliver.message());
        if (mapped.refused() == null) {
            once.add(mark);
        }
        return new Taken(deliver, mapped, mark);
    }

    private @Nullable String mark(Action.Deliver deliver) {
        String text = deliver.once();
        return text == null ? null : marks.of(text);
    }

    /** Alarms whose records are not kept are told anew by the next message: an open alarm always has its start. */
    private boolean keep(long timeMs, List<Marked> all, boolean deviceWaits) {
        List<Draft> drafts = new ArrayList<>();
        boolean changes = false;
        for (Marked each : all) {
            Mapped mapped = each.mapped();
            if (mapped.typed() != null) {
                // First, so that the values that came with the number are its patient's.
                watch.typed(keeper.device(mapped), mapped.typed(), timeMs);
            }
            if (mapped.alarms() != null && mapped.alarms().changed()) {
                changes = true;
                memory.meet(mapped.part(), keeper.device(mapped));
            }
            drafts.addAll(keeper.drafts(timeMs, mapped, each.mark()));
        }
        boolean kept = keeper.keep(drafts, deviceWaits);
        mapper.settle(kept);
        once.settle(kept);
        if (kept) {
            tally.records(drafts.size());
            all.forEach(each -> tellAlarms(timeMs, each.mapped()));
            all.forEach(each -> tellValues(timeMs, each.mapped()));
        }
        if (kept && changes) {
            memory.save();
        }
        return kept;
    }

    /** What a message became, and what the message is known by. */
    private record Marked(Mapped mapped, @Nullable String mark) {}

    /** A message, what it became, and what it is known by. */
    record Taken(
            Action.Deliver deliver, Mapped mapped, @Nullable String mark) {}

    /** @param isWaitedFor whether they must be durable although no device waits for an answer */
    boolean keepTaken(long timeMs, List<Taken> taken, boolean isWaitedFor) {
        boolean isAnswered = taken.stream().anyMatch(each -> each.deliver().isAnswered());
        List<Marked> all = taken.stream()
                .map(each -> new Marked(each.mapped(), each.mark()))
                .toList();
        return keep(timeMs, all, isWaitedFor || isAnswered);
    }

    private void tellValues(long timeMs, Mapped mapped) {
        int values = mapped.bodies().stream().mapToInt(RecordBody::values).sum();
        if (values > 0) {
            watch.measured(keeper.device(mapped), values);
        }
        if (!mapped.bodies().isEmpty()) {
            watch.said(keeper.device(mapped), mapped, timeMs);
        }
    }

    private void tellAlarms(long timeMs, Mapped mapped) {
        Mapped.Alarms alarms = mapped.alarms();
        tally.bad(Fault.ALARMS, alarms == null ? 0 : alarms.left(), 0);
        tally.bad(Fault.CODE, mapped.miscoded(), 0);
        if (alarms != null && alarms.changed()) {
            String device = keeper.device(mapped);
            memory.note(mapped.part(), device, keeper.lastAlarm(device), alarms.open());
            watch.alarms(device, alarms.open(), timeMs);
        }
    }

    /** Nobody hears the device any more: what was open is said to be unknown, never to be over. */
    void endAlarms() {
        List<Mapped> lost = mapper.lost();
        if (!lost.isEmpty()) {
            List<Marked> all = lost.stream().map(each -> new Marked(each, null)).toList();
            keep(System.currentTimeMillis(), all, false);
        }
    }
}
