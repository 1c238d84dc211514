package org.wasla.gateway.uplink;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.outbox.Urgency;

/**
 * What goes next on one connection: alarms, then results, each live before backlog; then observations and waves, live
 * against backlog by bytes, of which the backlog is sure of its share while both wait. One thread.
 *
 * <p>Live is what the outbox does not yet call late. Within a stream the order is kept among live and among backlog.
 */
final class Feed {

    /** After so many parcels it looks again whether something more urgent has come. */
    private static final int LOOK_EVERY = 16;

    private final Source source;
    private final long gatherNs;
    private final int backlogPercent;
    private final Replays replays;
    private final Packer packer;
    private final Track alarms;
    private final Track results;
    private final Track observations;
    private final Track waves;
    private int sinceLook = LOOK_EVERY;
    private boolean gathering;
    private long gatheredNs;
    private boolean replayHasTurn;
    /** What the backlog may send before live goes on, in bytes times 100; negative when it has had more. */
    private long credit;

    Feed(Source source, UplinkSettings.Flow flow, Replays replays, Packer packer) {
        this.source = source;
        this.packer = packer;
        this.gatherNs = TimeUnit.MILLISECONDS.toNanos(flow.batchMs());
        this.backlogPercent = flow.backlogPercent();
        this.replays = replays;
        this.alarms = new Track(source, Urgency.ALARM, null, false);
        this.results = new Track(source, Urgency.RESULT, null, false);
        this.observations = new Track(source, Urgency.OBSERVATION, packer, gatherNs > 0);
        this.waves = new Track(source, Urgency.WAVE, null, false);
    }

    /** The next alarm, null when none waits. */
    @Nullable
    Parcel alarm(long nowNs) throws IOException {
        if (sinceLook >= LOOK_EVERY) {
            look(nowNs);
        }
        sinceLook++;
        return first(alarms);
    }

    /** The next parcel that is no alarm, null when nothing waits; asked only when no alarm waits. */
    @Nullable
    Parcel other() throws IOException {
        Parcel result = first(results);
        return result == null ? shared() : result;
    }

    /** The next call looks what has come. */
    void refresh() {
        sinceLook = LOOK_EVERY;
    }

    private void look(long nowNs) {
        sinceLook = 0;
        long late = source.lateThrough();
        alarms.look(late);
        results.look(late);
        observations.look(late);
        waves.look(late);
        if (gatherNs > 0) {
            gather(nowNs);
        }
    }

    /** Live observations wait until the first of them is old enough; then all that have come go out together. */
    private void gather(long nowNs) {
        if (!observations.hasUnread()) {
            gathering = false;
        } else if (!gathering) {
            gathering = true;
            gatheredNs = nowNs;
            observations.limitLive(0);
        } else if (nowNs - gatheredNs >= gatherNs) {
            gathering = false;
            observations.limitLive(observations.newest());
        }
    }

    private static @Nullable Parcel first(Track track) throws IOException {
        Parcel parcel = track.takeLive();
        return parcel == null ? track.takeBacklog() : parcel;
    }

    private @Nullable Parcel shared() throws IOException {
        boolean liveWaits = observations.hasLive() || waves.hasLive();
        boolean backlogWaits = observations.hasBacklog() || waves.hasBacklog() || replays.hasNext();
        if (!liveWaits || !backlogWaits) {
            credit = 0;
            return liveWaits ? live() : backlogWaits ? backlog() : null;
        }
        boolean turnOfBacklog = credit > 0;
        Parcel parcel = turnOfBacklog ? backlog() : live();
        if (parcel != null) {
            long bytes = parcel.payload().bytes().length;
            credit += turnOfBacklog ? -bytes * (100 - backlogPercent) : bytes * backlogPercent;
        }
        return parcel;
    }

    private @Nullable Parcel live() throws IOException {
        Parcel parcel = observations.takeLive();
        return parcel == null ? waves.takeLive() : parcel;
    }

    /** Backlog and a replay take turns. */
    private @Nullable Parcel backlog() throws IOException {
        replayHasTurn = !replayHasTurn;
        Parcel parcel = replayHasTurn ? replays.next(packer).orElse(null) : null;
        if (parcel == null) {
            parcel = observations.takeBacklog();
        }
        if (parcel == null) {
            parcel = waves.takeBacklog();
        }
        return parcel == null ? replays.next(packer).orElse(null) : parcel;
    }

    /** Up to where the backlog has been read, for the status. */
    long backlogPosition() {
        return Math.min(observations.backlogPosition(), waves.backlogPosition());
    }

    /** How long until live observations have been gathered, in ms, 0 when none are being gathered. */
    long gatherWaitMs(long nowNs) {
        return gathering ? Math.max(1, TimeUnit.NANOSECONDS.toMillis(gatheredNs + gatherNs - nowNs)) : 0;
    }
}
