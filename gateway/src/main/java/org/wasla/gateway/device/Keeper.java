package org.wasla.gateway.device;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.device.DeviceSettings.Part;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.observation.DeviceTime;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.observation.Unnumbered;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Numbered;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;

/** Turns what was read from one device into drafts of records and puts them into the outbox. One thread. */
final class Keeper {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private final DeviceSettings settings;
    private final Outbox outbox;
    private final Supplier<Clock> clock;
    private final Repeats faults = new Repeats();
    private final Map<String, Long> lastAlarms = new ConcurrentHashMap<>();
    private final Patients patients;

    /** Knows whose a device's values are. */
    @FunctionalInterface
    interface Patients {
        @Nullable
        Patient of(String device, long timeMs);
    }

    Keeper(DeviceSettings settings, Outbox outbox, Supplier<Clock> clock, Patients patients) {
        this.settings = settings;
        this.outbox = outbox;
        this.clock = clock;
        this.patients = patients;
    }

    List<Draft> drafts(long timeMs, Mapped mapped) {
        return drafts(timeMs, mapped, null);
    }

    /** @param message what the message is known by, or null */
    List<Draft> drafts(long timeMs, Mapped mapped, @Nullable String message) {
        Part part = part(mapped);
        String device = device(mapped);
        String location = part == null || part.location() == null ? settings.location() : part.location();
        String deviceTime = mapped.deviceTime();
        // Results belong to the specimen, events to the device itself.
        boolean isOfPatient = mapped.bodies().stream().anyMatch(Keeper::isOfPatient);
        Patient patient = isOfPatient ? patients.of(device, timeMs) : null;
        Envelope nobodys = new Envelope(
                settings.gateway(),
                device,
                location,
                settings.profile().name(),
                settings.profile().hash(),
                settings.codes(),
                timeMs,
                deviceTime,
                clock.get().with(DeviceTime.of(deviceTime, zone(mapped), timeMs)),
                null,
                message);
        Envelope whose = patient == null ? nobodys : nobodys.of(patient);
        List<Draft> drafts = new ArrayList<>(mapped.bodies().size());
        for (RecordBody body : mapped.bodies()) {
            Unnumbered record = RecordJson.unnumbered(isOfPatient(body) ? whose : nobodys, body);
            Urgency urgency = urgency(body);
            Numbered payload = numbered(device, record, urgency == Urgency.ALARM);
            drafts.add(new Draft(device, body.kind(), urgency, timeMs, payload));
        }
        return drafts;
    }

    /** @return the device in records and topics: that of the port, or its part under its configured name */
    String device(Mapped mapped) {
        Part part = part(mapped);
        return part == null ? mapped.device(settings.id()) : part.id();
    }

    /** @return the same of a message that is not mapped yet */
    String device(Message message) {
        String name = Mapper.part(message);
        Part part = name == null ? null : settings.parts().get(name);
        return part != null ? part.id() : name == null ? settings.id() : settings.id() + "-" + name;
    }

    private @Nullable Part part(Mapped mapped) {
        return mapped.part() == null ? null : settings.parts().get(mapped.part());
    }

    /**
     * Returns once all of them would survive the plug being pulled, when the device waits for that; else as soon as they
     * are on their way, and what cannot be kept is told by a gap event. Alarms are waited for in any case: what was told of
     * one must be known again after a crash. While the buffer lies in memory, nothing is kept that a device waits for.
     *
     * @return false when they cannot be kept
     */
    boolean keep(List<Draft> drafts, boolean deviceWaits) {
        try {
            if (deviceWaits) {
                outbox.append(drafts);
            } else {
                keepAlarmsFirst(drafts);
            }
            faults.over();
            return true;
        } catch (IOException refused) {
            long times = faults.worthTelling(String.valueOf(refused.getMessage()));
            if (times > 0) {
                LOG.warn(
                        "device={} records_refused={} times={} cause=\"{}\"",
                        settings.id(),
                        drafts.size(),
                        times,
                        refused.getMessage());
            }
            return false;
        }
    }

    /** @return the number of the newest durable record of results */
    long lastResult() {
        return outbox.lastNumber(settings.id(), "res");
    }

    private void keepAlarmsFirst(List<Draft> drafts) throws IOException {
        List<Draft> alarms = drafts.stream().filter(Keeper::isAlarm).toList();
        List<Draft> others = drafts.stream().filter(draft -> !isAlarm(draft)).toList();
        try {
            outbox.keep(alarms);
        } finally {
            outbox.offer(others);
        }
    }

    private static boolean isAlarm(Draft draft) {
        return draft.urgency() == Urgency.ALARM;
    }

    /** @return the number of the last alarm record of this device that was given one in this run, or 0 */
    long lastAlarm(String device) {
        return lastAlarms.getOrDefault(device, 0L);
    }

    /** The number is only known when the buffer gives it, on a thread of its own. */
    private Numbered numbered(String device, Unnumbered record, boolean isAlarm) {
        return !isAlarm
                ? record::numbered
                : (epoch, seq) -> {
                    lastAlarms.put(device, seq);
                    return record.numbered(epoch, seq);
                };
    }

    private ZoneId zone(Mapped mapped) {
        ZoneId zone = mapped.zone();
        return zone == null ? settings.zone() : zone;
    }

    private static boolean isOfPatient(RecordBody body) {
        return switch (body.kind()) {
            case "obs", "wav", "alarm" -> true;
            default -> false;
        };
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
