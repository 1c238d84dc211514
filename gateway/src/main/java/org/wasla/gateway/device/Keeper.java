package org.wasla.gateway.device;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.device.DeviceSettings.Part;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.observation.Unnumbered;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;

/** Turns what was read from one device into drafts of records and puts them into the outbox. One thread. */
final class Keeper {
    private static final int SECONDS_LENGTH = "2026-06-16T08:00:04".length();
    private final DeviceSettings settings;
    private final Outbox outbox;
    private final Supplier<Clock> clock;

    Keeper(DeviceSettings settings, Outbox outbox, Supplier<Clock> clock) {
        this.settings = settings;
        this.outbox = outbox;
        this.clock = clock;
    }

    List<Draft> drafts(long timeMs, Mapped mapped) {
        Part part = part(mapped);
        String device = device(mapped);
        String location = part == null || part.location() == null ? settings.location() : part.location();
        String deviceTime = mapped.deviceTime();
        Envelope envelope = new Envelope(
                settings.gateway(),
                device,
                location,
                settings.profile().name(),
                settings.profile().hash(),
                settings.codes(),
                timeMs,
                deviceTime,
                clock.get().withDeviceOffset(offsetMs(timeMs, deviceTime)));
        List<Draft> drafts = new ArrayList<>(mapped.bodies().size());
        for (RecordBody body : mapped.bodies()) {
            Unnumbered record = RecordJson.unnumbered(envelope, body);
            drafts.add(new Draft(device, body.kind(), urgency(body), timeMs, record::numbered));
        }
        return drafts;
    }

    /** @return the device in records and topics: that of the port, or its part under its configured name */
    String device(Mapped mapped) {
        Part part = part(mapped);
        return part == null ? mapped.device(settings.id()) : part.id();
    }

    private @Nullable Part part(Mapped mapped) {
        return mapped.part() == null ? null : settings.parts().get(mapped.part());
    }

    /**
     * Returns once all of them would survive the plug being pulled, when the device waits for that; else as soon as they
     * are on their way, and what cannot be kept is told by a gap event.
     */
    void keep(List<Draft> drafts, boolean deviceWaits) throws IOException {
        if (deviceWaits) {
            outbox.append(drafts);
        } else {
            outbox.offer(drafts);
        }
    }

    private @Nullable Long offsetMs(long timeMs, @Nullable String deviceTime) {
        if (deviceTime == null || deviceTime.length() != SECONDS_LENGTH) {
            return null;
        }
        try {
            return LocalDateTime.parse(deviceTime)
                            .atZone(settings.zone())
                            .toInstant()
                            .toEpochMilli()
                    - timeMs;
        } catch (DateTimeException impossible) {
            return null;
        }
    }

    private static Urgency urgency(RecordBody body) {
        return switch (body.kind()) {
            case "alarm" -> Urgency.ALARM;
            case "res", "evt" -> Urgency.RESULT;
            case "wav" -> Urgency.WAVE;
            default -> Urgency.OBSERVATION;
        };
    }
}
