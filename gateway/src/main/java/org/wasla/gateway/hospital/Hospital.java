package org.wasla.gateway.hospital;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.render.Pcd;

/** All receivers of the hospital, each with a thread, a place in the buffer and a connection of its own. Thread-safe. */
public final class Hospital implements AutoCloseable {
    private final List<Lane> lanes = new ArrayList<>();

    /** @param kinds what kind of device one is, by its id; empty when it is not known */
    public Hospital(HospitalSettings settings, Outbox outbox, Function<String, String> kinds) {
        this(settings, outbox, kinds, Lane.Pauses.USUAL);
    }

    Hospital(HospitalSettings settings, Outbox outbox, Function<String, String> kinds, Lane.Pauses pauses) {
        for (HospitalSettings.Receiver to : settings.receivers()) {
            Function<String, Pcd.Source> sources = device -> new Pcd.Source(
                    settings.site(),
                    settings.zone(),
                    kinds.apply(device),
                    settings.references(),
                    to.application(),
                    to.facility());
            lanes.add(new Lane(to, outbox, sources, pauses));
        }
    }

    public void start() {
        lanes.forEach(Lane::start);
    }

    /** To be called every second or so: ends connections that take nothing. */
    public void watch() {
        long nowNs = System.nanoTime();
        lanes.forEach(lane -> lane.watch(nowNs));
    }

    public List<HospitalProgress> progress() {
        return lanes.stream().map(Lane::progress).toList();
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
    }
}
