package org.wasla.gateway.device;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.observation.AlarmNote;
import org.wasla.gateway.observation.AlarmNote.Part;
import org.wasla.gateway.observation.AlarmReading;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.Mapper;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.vault.Safe;

/**
 * The open alarms of one line, known again after a crash. A note beside the buffer says what was open through which
 * number, and the records behind that number, which are durable by themselves, say the rest: so it is exactly what was
 * told, whenever the process dies. One thread.
 */
final class AlarmMemory {
    private static final Logger LOG = LoggerFactory.getLogger(AlarmMemory.class);
    private static final String FOLDER = "alarms";
    private static final int PAGE = 256;
    private static final long NUMBER_MAX = 1L << 53;

    private final Outbox outbox;
    private final DeviceSettings settings;
    private final Path file;
    private final Safe safe;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Repeats faults = new Repeats();
    private String profile;

    /** @param isFirst whether it is the line of a device that tells whether the device is there */
    AlarmMemory(DeviceSettings settings, Outbox outbox, boolean isFirst) {
        this.outbox = outbox;
        this.settings = settings;
        this.profile = settings.profile().id();
        String name = settings.id() + (isFirst ? "" : "." + profile) + ".json";
        this.file = outbox.directory().resolve(FOLDER).resolve(name);
        this.safe = outbox.safe(FOLDER);
    }

    /**
     * Reads what an earlier run left. What cannot be read is not known: its alarms start anew.
     *
     * @return whether they are of the profile that is in use, which can tell that they are over
     */
    boolean load() {
        AlarmNote note = note();
        profile = note.profile();
        note.parts().forEach(part -> parts.put(key(part.part()), part));
        parts.putIfAbsent("", new Part(null, settings.id(), 0, List.of()));
        settings.parts().forEach((part, named) -> parts.putIfAbsent(part, new Part(part, named.id(), 0, List.of())));
        boolean isSameBuffer = note.epoch().equals(outbox.epoch());
        try {
            for (Part part : List.copyOf(parts.values())) {
                parts.put(key(part.part()), caughtUp(part, isSameBuffer ? part.number() : 0));
            }
        } catch (IOException unreadable) {
            LOG.warn("device={} alarms_not_read cause=\"{}\"", settings.id(), unreadable.getMessage());
        }
        boolean isKnown = profile.equals(settings.profile().id());
        profile = settings.profile().id();
        return isKnown;
    }

    private AlarmNote note() {
        AlarmNote none = new AlarmNote(profile, outbox.epoch(), List.of());
        try {
            Optional<AlarmNote> read = SealedFile.read(file, safe).flatMap(AlarmNote::of);
            if (read.isEmpty()) {
                LOG.warn("device={} alarms_not_read cause=\"damaged note\"", settings.id());
            }
            return read.orElse(none);
        } catch (NoSuchFileException first) {
            return none;
        } catch (IOException unreadable) {
            LOG.warn("device={} alarms_not_read cause=\"{}\"", settings.id(), unreadable.getMessage());
            return none;
        }
    }

    /** A further line may write into the same stream: its records are of another profile. */
    private Part caughtUp(Part part, long number) throws IOException {
        List<String> ours = List.of(profile, settings.profile().id(), "");
        Map<String, Condition> open = new LinkedHashMap<>();
        part.open().forEach(condition -> open.put(condition.alarm(), condition));
        long seen = number;
        List<Entry> page = outbox.stream(part.device(), "alarm", seen + 1, NUMBER_MAX, PAGE);
        while (!page.isEmpty()) {
            for (Entry entry : page) {
                seen = entry.seq();
                AlarmReading.of(entry.payload())
                        .filter(told -> ours.contains(told.profile()))
                        .ifPresent(told -> apply(told, open));
            }
            page = outbox.stream(part.device(), "alarm", seen + 1, NUMBER_MAX, PAGE);
        }
        return new Part(part.part(), part.device(), seen, List.copyOf(open.values()));
    }

    private static void apply(AlarmReading told, Map<String, Condition> open) {
        if (told.isOpen()) {
            open.put(told.condition().alarm(), told.condition());
        } else {
            open.remove(told.condition().alarm());
        }
    }

    /** All that is known, those without an open alarm too. */
    List<Part> parts() {
        return List.copyOf(parts.values());
    }

    void restore(Mapper mapper) {
        parts.values().forEach(part -> mapper.restore(part.part(), part.open()));
    }

    /** A device behind the line is about to tell of an alarm: after a crash its stream is to be looked through. */
    void meet(@Nullable String part, String device) {
        if (!parts.containsKey(key(part))) {
            parts.put(key(part), new Part(part, device, 0, List.of()));
            save();
        }
    }

    /** @param number of the last alarm record of the device, 0 when it is as it was; the record is durable */
    void note(@Nullable String part, String device, long number, List<Condition> open) {
        Part before = parts.get(key(part));
        long known = before == null ? 0 : before.number();
        parts.put(key(part), new Part(part, device, Math.max(number, known), open));
    }

    /** Without a note the records alone must do, as far back as the buffer holds them. */
    void save() {
        AlarmNote note = new AlarmNote(profile, outbox.epoch(), new ArrayList<>(parts.values()));
        try {
            SealedFile.write(file, note.json(), safe);
            faults.over();
        } catch (IOException refused) {
            long times = faults.worthTelling(String.valueOf(refused.getMessage()));
            if (times > 0) {
                LOG.warn(
                        "device={} alarms_not_noted times={} cause=\"{}\"", settings.id(), times, refused.getMessage());
            }
        }
    }

    private static String key(@Nullable String part) {
        return part == null ? "" : part;
    }
}
