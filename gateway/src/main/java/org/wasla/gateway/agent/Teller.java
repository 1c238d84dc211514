package org.wasla.gateway.agent;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.Watch;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.profile.LiveBytes;

/** Passes on what a line's worker says of its device to all in the box whom it concerns. One thread, the worker's. */
final class Teller implements Watch {
    private final String port;
    private final Listeners listeners;

    /**
     * Who is told.
     *
     * @param live where the last bytes of a device are kept for trials, by device; may be filled later
     * @param screen keeps what the page shows, or null
     * @param states takes how a device's line is
     */
    record Listeners(
            Bedside bedside,
            AlarmBoard alarms,
            Figures figures,
            Map<String, LiveBytes> live,
            @Nullable Screen screen,
            BiConsumer<String, DeviceWorker.Status> states) {}

    /** @param port id of the device whose line it is */
    Teller(String port, Listeners listeners) {
        this.port = port;
        this.listeners = listeners;
    }

    @Override
    public void changed(String device, DeviceWorker.Status status) {
        listeners.bedside().changed(device, status);
        listeners.alarms().changed(device, status.state());
        listeners.states().accept(device, status);
        if (listeners.screen() != null && status.state() != DeviceState.LINKED) {
            // What it showed is not true any more.
            listeners.screen().clear(device);
        }
    }

    @Override
    public void heard(String device, byte[] bytes, int length, long timeMs) {
        listeners.bedside().heard(device, bytes, length, timeMs);
        if (listeners.screen() != null) {
            listeners.screen().heard(device, bytes, length);
        }
        LiveBytes kept = listeners.live().get(device);
        if (kept != null) {
            kept.add(bytes, length, timeMs);
        }
    }

    @Override
    public @Nullable Patient patient(String device, long timeMs) {
        return listeners.bedside().patient(device, timeMs);
    }

    @Override
    public void typed(String device, String patient, long timeMs) {
        listeners.bedside().typed(device, patient, timeMs);
    }

    @Override
    public void measured(String device, int values) {
        listeners.figures().measured(device, values);
    }

    @Override
    public void said(String device, Mapped mapped, long timeMs) {
        if (listeners.screen() != null) {
            listeners.screen().said(device, mapped, timeMs);
        }
    }

    @Override
    public OrderDesk orders(String device) {
        return listeners.figures().noticing(device, listeners.bedside().orders(device));
    }

    @Override
    public void alarms(String device, List<Condition> open, long timeMs) {
        listeners.alarms().changed(port, device, open, timeMs);
        listeners.figures().alarms(device, open);
    }
}
