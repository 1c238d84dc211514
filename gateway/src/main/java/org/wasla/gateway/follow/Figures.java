package org.wasla.gateway.follow;

import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.DeviceWorker;
import org.wasla.gateway.epi.Signals.Whose;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.orders.OrderDesk;
import org.wasla.gateway.outbox.Outbox;

/**
 * What the box tells of itself and of its results without patients, where it is configured: indicators and signals for epidemiology.
 * Thread-safe.
 */
public final class Figures {
    private static final Logger LOG = LoggerFactory.getLogger(Figures.class);
    private final @Nullable IndicatorRecords indicators;
    private final @Nullable EpiSignals signals;
    private boolean isClosed;

    /**
     * @param whose what is known of the patient of a specimen, by its number and that of the order
     * @param nowMs the wall clock, UTC
     */
    public Figures(Config config, Outbox outbox, BiFunction<String, String, Whose> whose, LongSupplier nowMs) {
        indicators =
                config.indicators().isEmpty() ? null : new IndicatorRecords(config, config.indicators(), outbox, nowMs);
        signals = signals(config, outbox, whose, nowMs);
    }

    /** Devices are to be read although signals cannot be held back. */
    private static @Nullable EpiSignals signals(
            Config config, Outbox outbox, BiFunction<String, String, Whose> whose, LongSupplier nowMs) {
        Config.Epi epi = config.epi();
        try {
            return epi == null ? null : new EpiSignals(config, epi, outbox, whose, nowMs);
        } catch (IOException | RuntimeException unusable) {
            LOG.error("signals are not made cause=\"{}\"", unusable.getMessage());
            return null;
        }
    }

    public void measured(String device, int values) {
        if (indicators != null) {
            indicators.measured(device, values);
        }
    }

    public void alarms(String device, List<Condition> open) {
        if (indicators != null) {
            indicators.alarms(device, open);
        }
    }

    /** The platform's order was carried out. */
    public void ordered(Command.Errand errand) {
        if (indicators != null) {
            indicators.ordered(errand);
        }
    }

    /** The same desk, whose questions are noticed where that is of use. */
    public OrderDesk noticing(String device, OrderDesk desk) {
        return indicators == null ? desk : indicators.noticing(device, desk);
    }

    /** Devices have come or gone. */
    public void devices(Config now) {
        if (indicators != null) {
            indicators.devices(now);
        }
    }

    /** To be called every second or so, while the buffer is open. */
    public synchronized void tick(List<DeviceWorker> workers, String clockState, boolean clockStepped) {
        if (isClosed) {
            return;
        }
        if (indicators != null) {
            indicators.tick(workers, clockState, clockStepped);
        }
        if (signals != null) {
            signals.tick();
        }
    }

    /** Before the buffer is closed; ticks after that do nothing. */
    public synchronized void close() {
        isClosed = true;
        if (indicators != null) {
            indicators.close();
        }
    }
}
