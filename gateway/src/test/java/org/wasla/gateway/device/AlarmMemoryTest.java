package org.wasla.gateway.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.message.Tally;
import org.wasla.gateway.observation.AlarmNote;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordBody.Alarm.Phase;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.profile.Codes;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileReader;

/** What is known of open alarms after a crash is what the buffer holds, whenever the crash comes. */
class AlarmMemoryTest {
    private static final Condition HIGH = new Condition(
            "",
            "rate-high",
            "value",
            "Rate high",
            "phys",
            "high",
            "active",
            new Meaning("", "value", 150456, "rate", "8867-4", null, null));
    private static final Condition LISTED =
            new Condition("alarms", "12:3", "12:3", "", "tech", "medium", "latched", null);

    @TempDir
    Path folder;

    private Profile profile;
    private Outbox outbox;

    @BeforeEach
    void open() throws IOException {
        profile = profile("talker");
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    private void reopen() throws IOException {
        close();
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 8L << 20, 0), Gaps::event);
    }

    private Profile profile(String id) throws IOException {
        Path home = Files.createDirectories(folder.resolve(id));
        Files.writeString(home.resolve(ProfileReader.FILE), """
                wasla: 1
                id: %s
                version: 1.0.0
                device: {makers: [Maker], models: [M1], kind: pump}
                frame: {line: {end: LF}}
                dialogue: {listen: {quiet: 3s}}
                message: {id: row, pattern: 'V=(?<value>\\d+)'}
                observe: {field: value, name: rate}
                """.formatted(id));
        Path codes = Files.writeString(folder.resolve("codes.tsv"), "# codes@1\n");
        Problems problems = new Problems();
        Profile read = new ProfileReader(Codes.read(codes)).read(home, problems);
        assertEquals(List.of(), problems.list());
        return read;
    }

    private DeviceSettings settings(Profile of) {
        LinkSettings link = LinkSettings.parse("tcp:127.0.0.1:1");
        Map<String, DeviceSettings.Part> parts = Map.of("2", new DeviceSettings.Part("pump-b", null));
        return new DeviceSettings("gw", "pump-1", null, of, link, parts, "codes@1", ZoneId.of("UTC"));
    }

    private Keeper keeper(Profile of) {
        return new Keeper(settings(of), outbox, () -> new Clock("sync", null), (device, timeMs) -> null);
    }

    private void tell(Profile of, @Nullable String part, Phase phase, Condition condition) {
        Mapped mapped = new Mapped(part, null, List.of(), List.of(new RecordBody.Alarm(phase, condition)), null, null);
        List<Draft> drafts = keeper(of).drafts(1_000, mapped);
        assertTrue(keeper(of).keep(drafts, false));
    }

    private AlarmMemory memory() {
        return new AlarmMemory(settings(profile), outbox, true);
    }

    private static List<String> open(AlarmMemory memory) {
        List<String> open = new ArrayList<>();
        for (AlarmNote.Part part : memory.parts()) {
            part.open().forEach(condition -> open.add(part.device() + " " + condition.alarm()));
        }
        return open;
    }

    /** The process died before the note: the record alone is on disk. */
    @Test
    void recordsWithoutANoteAreEnough() throws IOException {
        tell(profile, null, Phase.START, HIGH);
        tell(profile, null, Phase.START, LISTED);
        tell(profile, null, Phase.END, LISTED);
        tell(profile, "2", Phase.START, LISTED);
        reopen();
        AlarmMemory memory = memory();
        assertTrue(memory.load());
        assertEquals(List.of("pump-1 rate-high", "pump-b alarms:12:3"), open(memory));
        assertEquals(List.of(HIGH), memory.parts().get(0).open(), "word for word, or it would be told as changed");
        assertEquals(List.of(LISTED), memory.parts().get(1).open());
    }

    /** The note is older than the last records: what they say counts. */
    @Test
    void recordsBehindTheNoteAreAdded() throws IOException {
        tell(profile, null, Phase.START, HIGH);
        AlarmMemory before = memory();
        before.load();
        before.save();
        tell(profile, null, Phase.END, HIGH);
        tell(profile, null, Phase.START, LISTED);
        reopen();
        AlarmMemory memory = memory();
        assertTrue(memory.load());
        assertEquals(List.of("pump-1 alarms:12:3"), open(memory));
    }

    /** A start that the buffer no longer holds is still known. */
    @Test
    void theNoteStandsForRecordsThatAreGone() throws IOException {
        AlarmMemory before = memory();
        before.load();
        before.note(null, "pump-1", 57, List.of(HIGH, LISTED));
        before.save();
        AlarmMemory memory = memory();
        assertTrue(memory.load());
        assertEquals(List.of("pump-1 rate-high", "pump-1 alarms:12:3"), open(memory));
        assertEquals(List.of(HIGH, LISTED), memory.parts().get(0).open());
    }

    /** A part that is met for the first time is noted before its record is kept: a crash right after finds its stream. */
    @Test
    void aPartIsKnownBeforeItsFirstRecord() throws IOException {
        AlarmMemory before = memory();
        before.load();
        before.meet("7", "pump-1-7");
        tell(profile, "7", Phase.START, HIGH);
        reopen();
        AlarmMemory memory = memory();
        memory.load();
        assertEquals(List.of("pump-1-7 rate-high"), open(memory));
    }

    @Test
    void anotherProfilesAlarmsAreNotThisOnesAndAreToldUnknown() throws IOException {
        tell(profile, null, Phase.START, HIGH);
        AlarmMemory before = memory();
        before.load();
        before.save();
        profile = profile("listener");
        List<String> told = new ArrayList<>();
        Watch watch = new Watch() {
            @Override
            public void changed(String device, DeviceWorker.Status status) {}

            @Override
            public void alarms(String device, List<Condition> open, long timeMs) {
                told.add(device + " " + open.size());
            }
        };
        AlarmMemory memory = memory();
        new Intake(settings(profile), keeper(profile), memory, new Marks("pump-1", outbox), watch, new Tally())
                .remember();
        assertEquals(List.of("pump-1 1", "pump-1 0"), told);
        String last =
                new String(outbox.stream("pump-1", "alarm", 2, 2, 1).get(0).payload(), StandardCharsets.UTF_8);
        assertTrue(last.contains("\"phase\":\"unknown\""), last);
        AlarmMemory after = memory();
        assertTrue(after.load());
        assertEquals(List.of(), open(after));
    }

    /** A file that is cut or changed by a bad card says nothing: a wrong alarm would be told otherwise. */
    @Test
    void aDamagedNoteIsNoFault() throws IOException {
        AlarmMemory before = memory();
        before.load();
        before.note(null, "pump-1", 57, List.of(HIGH, LISTED));
        before.save();
        Path file = folder.resolve("buffer/alarms/pump-1.json");
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 0; cut < whole.length; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            AlarmMemory memory = memory();
            memory.load();
            assertEquals(List.of(), open(memory), "cut to " + cut);
        }
        Random random = new Random(11);
        for (int run = 0; run < 200; run++) {
            byte[] flipped = whole.clone();
            flipped[random.nextInt(flipped.length)] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, flipped);
            AlarmMemory memory = memory();
            memory.load();
            assertEquals(List.of(), open(memory), "run " + run);
        }
    }
}
