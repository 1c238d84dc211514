package org.wasla.gateway.device;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.device.DeviceWorker.Status;

/** How a device's line is; told when that changes, and logged when it is worth it. One thread, but for {@link #status}. */
final class Standing {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceWorker.class);
    private final Watch watch;
    private final Repeats faults = new Repeats();
    private volatile Status status = new Status(DeviceState.FAULT, "starting", 0);

    Standing(Watch watch) {
        this.watch = watch;
    }

    Status status() {
        return status;
    }

    /** A good message came: the next fault is a first one. */
    void speaks() {
        faults.over();
    }

    /** The state's first time in a row is logged with its cause; a fault that repeats, less and less often. */
    void become(DeviceSettings of, DeviceState state, String why) {
        long times = state == DeviceState.FAULT ? faults.worthTelling(why) : 1;
        boolean changed = status.state() != state || !status.why().equals(why);
        if (changed) {
            status = new Status(state, why, System.currentTimeMillis());
            watch.changed(of.id(), status);
        }
        if (times > 0 && (changed || state == DeviceState.FAULT)) {
            LOG.info(
                    "device={} state={} link={} times={} cause=\"{}\"",
                    of.id(),
                    state.wire(),
                    of.link().text(),
                    times,
                    why);
        }
    }
}
