package org.wasla.gateway.identify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;

/** Thirty seconds are all that a technician gives it: which settings get how much of them. */
class SearchTest {
    private static final long MS = 1_000_000;
    private static final List<String> SETTINGS = List.of(
            "9600 8N1",
            "19200 8N1",
            "38400 8N1",
            "115200 8N1",
            "19200 8E1",
            "9600 8E1",
            "19200 7E1",
            "57600 8N1",
            "19200 8O1",
            "4800 8N1");

    /** A device that says {@code burstMs} of bytes each {@code everyMs}, understood at one setting. */
    private record Device(String setting, long everyMs, long burstMs) {
        boolean speaks(long ms) {
            return everyMs > 0 && ms % everyMs < burstMs;
        }
    }

    private record Result(long ms, List<String> visited, Search search) {}

    private static Result run(Device device, long seconds) {
        Search search = new Search(SETTINGS, 0, seconds * 1_000 * MS);
        List<String> visited = new ArrayList<>();
        long ms = 777;
        while (!search.isOver(ms * MS)) {
            Search.Look look = new Search.Look(ms * MS);
            visited.add(search.setting() + " " + ms);
            long understood = 0;
            while (search.goesOn(look, ms * MS)) {
                ms += 10;
                if (device.speaks(ms)) {
                    look.heard(ms * MS);
                    boolean isRight = search.setting().equals(device.setting());
                    understood += isRight ? 1 : 0;
                    look.judged(understood > 3 ? 0.95 : 0, List.of(new Chunk(0, Bytes.hex("00"))));
                }
            }
            search.done(look);
            ms += 20;
        }
        return new Result(ms, visited, search);
    }

    @Test
    void aDeviceThatSpeaksEachSecondIsFoundAtAnySetting() {
        for (String setting : SETTINGS) {
            Result result = run(new Device(setting, 1_000, 130), 30);
            assertTrue(result.ms() < 30_000, setting + " " + result);
            assertTrue(result.visited().get(result.visited().size() - 1).startsWith(setting), result.toString());
        }
    }

    @Test
    void aDeviceThatSpeaksEachTwoSecondsIsFoundAtAnySetting() {
        for (String setting : SETTINGS) {
            Result result = run(new Device(setting, 2_000, 60), 30);
            assertTrue(result.ms() < 30_000, setting + " " + result);
        }
    }

    @Test
    void aDeviceThatNeverPausesIsFoundAtAnySetting() {
        for (String setting : SETTINGS) {
            Result result = run(new Device(setting, 10, 10), 30);
            assertTrue(result.ms() < 25_000, setting + " " + result);
        }
    }

    @Test
    void aSilentLineIsListenedToForTenSecondsAtTheUsualSettings() {
        Result result = run(new Device("9600 8N1", 0, 0), 30);
        assertEquals(
                List.of("9600 8N1", "19200 8N1", "38400 8N1"),
                result.visited().stream()
                        .map(visit -> visit.substring(0, visit.lastIndexOf(' ')))
                        .toList());
        assertTrue(result.search().isSilent());
    }

    /** Each setting once in the time, and the best ones longer when there is time for more. */
    @Test
    void whatNobodyUnderstandsIsHeardAtEverySettingAndNotForLonger() {
        Result result = run(new Device("none", 1_000, 130), 30);
        assertTrue(result.visited().size() >= SETTINGS.size(), result.toString());
        assertFalse(result.search().isSilent());
        assertTrue(result.ms() < 31_000, result.toString());
    }

    @Test
    void theTimeGivenIsTheTimeTaken() {
        assertTrue(run(new Device("none", 500, 100), 5).ms() <= 6_000);
        assertTrue(run(new Device("9600 8N1", 0, 0), 5).ms() <= 6_000);
    }
}
