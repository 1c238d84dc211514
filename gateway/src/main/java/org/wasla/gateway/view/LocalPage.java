package org.wasla.gateway.view;

import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.bedside.Bedside;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.device.AlarmBoard;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.page.PageServer;
import org.wasla.gateway.page.PageSettings;
import org.wasla.gateway.state.ConfigDesk;
import org.wasla.gateway.state.Devices;
import org.wasla.gateway.uplink.Uplink;

/** The local page where one is configured. One that cannot be served keeps no device from being read. Thread-safe. */
public final class LocalPage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPage.class);
    private final Around around;
    private final @Nullable Screen screen;
    private @Nullable PageBox box;
    private @Nullable PageServer server;

    /**
     * What of the agent the page shows and does.
     *
     * @param devices what is read, and as it is configured now
     * @param desk takes a changed list of devices
     * @param words of the box's enrolment while they are to be seen, empty where it was not enrolled; else null
     */
    public record Around(
            Config config,
            Outbox outbox,
            Uplink uplink,
            Supplier<Clock> clock,
            Bedside bedside,
            AlarmBoard alarms,
            Auditor auditor,
            Devices devices,
            ConfigDesk desk,
            Supplier<@Nullable String> words) {}

    /** @param screen where values are kept for the page; null: nowhere, and there is no page */
    public LocalPage(Around around, @Nullable Screen screen) {
        this.around = around;
        this.screen = screen;
    }

    public void start() {
        PageSettings settings = around.config().page();
        Screen shown = screen;
        if (settings == null || shown == null) {
            return;
        }
        try {
            PageBox made = new PageBox(around, settings, shown);
            PageServer opened = new PageServer(settings, made);
            box = made;
            server = opened;
            opened.start();
        } catch (IOException unusable) {
            LOG.warn("page is not served cause=\"{}\"", unusable.getMessage());
        }
    }

    /** Before devices are stopped: nobody adds one any more. */
    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        if (box != null) {
            box.close();
        }
    }
}
