package org.wasla.gateway.view;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.bridge.link.SerialSettings;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.LineQuality;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.seek.Ending;

/**
 * Reads a device by a profile to show what it says, and keeps nothing: so it asks what the profile asks, and answers no
 * message, since an answer would say that the message is safe. One thread runs it, others look.
 */
final class TryOut {
    /** The device's name on the screen. */
    static final String DEVICE = "trial";

    private static final long MS = 1_000_000;
    private static final int WAIT_MS_MAX = 200;
    private static final int CHUNK_BYTES = 4_096;

    private final Profile profile;
    private final LinkSettings settings;
    private final Screen screen = new Screen();
    private final Tally tally = new Tally();
    private volatile @Nullable Link link;

    TryOut(Profile profile, LinkSettings settings) {
        this.profile = profile;
        this.settings = settings;
    }

    Profile profile() {
        return profile;
    }

    Screen screen() {
        return screen;
    }

    /** @throws IOException when the line cannot be opened, or is lost */
    void run(Ending ending, long forNs) throws IOException, InterruptedException {
        long beginNs = System.nanoTime();
        try (Link open = settings.open()) {
            link = open;
            Talk talk = profile.talk().over(settings.isDatagrams()).open(beginNs);
            Mapper mapper = new Mapper(profile.mapping());
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!ending.isAsked() && System.nanoTime() - beginNs < forNs) {
                long waitMs = Math.min(WAIT_MS_MAX, talk.waitNs(System.nanoTime()) / MS + 1);
                int length = open.read(chunk, (int) waitMs);
                screen.heard(DEVICE, chunk, length);
                long nowNs = System.nanoTime();
                perform(length > 0 ? talk.onBytes(chunk, length, nowNs) : talk.onTime(nowNs), talk, mapper, open);
            }
        } catch (IOException lost) {
            if (!ending.isAsked()) {
                throw lost;
            }
        } finally {
            link = null;
        }
    }

    private void perform(List<Action> first, Talk talk, Mapper mapper, Link open) throws IOException {
        List<Action> actions = first;
        while (!actions.isEmpty()) {
            for (Action action : actions) {
                if (action instanceof Action.Report report) {
                    tally.bad(report.fault(), report.count(), report.size());
                } else if (action instanceof Action.Deliver deliver) {
                    take(deliver, mapper);
                }
            }
            for (Action action : actions) {
                if (action instanceof Action.Send send) {
                    open.write(send.bytes().toArray());
                }
            }
            Action last = actions.get(actions.size() - 1);
            boolean waits = last instanceof Action.Keep || last instanceof Action.Settle;
            actions = waits ? talk.onKept(false, System.nanoTime()) : List.of();
        }
    }

    private void take(Action.Deliver deliver, Mapper mapper) {
        Mapped mapped = mapper.map(deliver.message());
        mapper.settle(true);
        if (mapped.refused() != null) {
            tally.bad(mapped.fault(), 1, deliver.size());
            return;
        }
        tally.frame();
        screen.said(DEVICE, mapped, System.currentTimeMillis());
    }

    LineQuality quality() {
        Screen.Count count = screen.count(DEVICE);
        Tally.Counts counts = tally.counts();
        LineQuality.Heard heard = new LineQuality.Heard(
                count.bytes(),
                count.text(),
                count.flat(),
                counts.frames(),
                counts.skippedBytes(),
                counts.bad().getOrDefault(Fault.CHECKSUM.counter(), 0L));
        LineQuality.Line line = new LineQuality.Line(!(settings instanceof SerialSettings), true, false);
        return LineQuality.of(DeviceState.SILENT, false, line, heard);
    }

    /** Frees a blocked read; the run ends. */
    void close() {
        Link open = link;
        if (open != null) {
            open.close();
        }
    }
}
