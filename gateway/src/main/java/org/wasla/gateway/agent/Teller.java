package org.wasla.gateway.agent;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.bedside.Bedside;
import org.wasla.gateway.device.AlarmBoard;
import org.wasla.gateway.device.DeviceState;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.device.Watch;
import org.wasla.gateway.follow.Figures;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.profile.LiveBytes;
import org.wasla.gateway.remote.Taps;
import org.wasla.gateway.view.Screen;

/** Passes on what a line's worker says of its device to all in the box whom it concerns. One thread, the worker's. */
final class Teller implements Watch {
    private final String port;
    private final Listeners listeners;

    /**
     * Who is told.
     *
     * @param live where the last bytes of a line are kept for trials, by line; may be filled later
     * @param taps where the bytes of a device go while a capture of it was ordered
     * @param screen keeps what the page shows, or null
     * @param states takes how a device's line is
     * @param turns takes each time that a line was read
     */
    record Listeners(
            Bedside bedside,
            AlarmBoard alarms,
            Figures figures,
            Map<String, LiveBytes> live,
            Strangers strangers,
            Taps taps,
            @Nullable Screen screen,
            BiConsumer<String, DeviceWorker.Status> states,
            Consumer<String> turns) {}

    /** @param port name of the line: the id of its device, with that of the profile for a further one */
    Teller(String port, Listeners listeners) {
        this.port = port;
        this.listeners = listeners;
    }

    @Override
    public void changed(String device, DeviceWorker.Status status) {
        listeners.bedside().changed(device, status);
        listeners.alarms().changed(device, status.state());
        listeners.strangers().changed(device, status.state());
        listeners.states().accept(device, status);
        if (listeners.screen() != null && status.state() != DeviceState.LINKED) {
            // What it showed is not true any more.
            listeners.screen().clear(device);
        }
    }

    @Override
    public void heard(String device, byte[] bytes, int length, long timeMs) {
        listeners.turns().accept(device);
        listeners.bedside().heard(device, bytes, length, timeMs);
        listeners.strangers().heard(device, bytes, length, timeMs);
        listeners.taps().heard(device, bytes, length, timeMs);
        if (listeners.screen() != null) {
            listeners.screen().heard(device, bytes, length);
        }
        keep(device, bytes, length, timeMs);
    }

    @Override
    public void heardFurther(byte[] bytes, int length, long timeMs) {
        keep(port, bytes, length, timeMs);
    }

    private void keep(String line, byte[] bytes, int length, long timeMs) {
        LiveBytes kept = listeners.live().get(line);
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
