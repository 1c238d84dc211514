package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.observation.RecordBody.Alarm;
import org.wasla.gateway.observation.RecordBody.Alarm.Phase;

/** Each alarm starts once and ends once, and the loss of the device is no end. */
class AlarmBookTest {
    private final AlarmBook book = new AlarmBook();

    private static Condition condition(String id, String priority, String state) {
        return new Condition("cp1", id, id, "Text " + id, "phys", priority, state, null);
    }

    private static Condition on(String id) {
        return condition(id, "high", "active");
    }

    /** As "phase id". */
    private static List<String> told(List<RecordBody> records) {
        return records.stream()
                .map(record -> (Alarm) record)
                .map(alarm -> alarm.phase().wire() + " " + alarm.condition().id())
                .toList();
    }

    private List<RecordBody> edges(Condition... conditions) {
        List<RecordBody> records = new ArrayList<>();
        book.take("cp1", List.of(conditions), false, records);
        return records;
    }

    private List<String> complete(Condition... conditions) {
        List<RecordBody> records = new ArrayList<>();
        book.take("cp1", List.of(conditions), true, records);
        return told(records);
    }

    @Test
    void anAlarmIsToldWhenItStartsChangesAndEndsAndNotInBetween() {
        assertEquals(List.of("start a"), told(edges(on("a"))));
        assertEquals(List.of(), told(edges(on("a"))));
        assertEquals(List.of("update a"), told(edges(condition("a", "low", "active"))));
        assertEquals(List.of("update a"), told(edges(condition("a", "low", "latched"))));
        assertEquals(List.of(), told(edges()));
        List<RecordBody> end = edges(condition("a", "none", "inactive"));
        assertEquals(List.of(new Alarm(Phase.END, condition("a", "low", "inactive"))), end);
        assertEquals(List.of(), told(edges(condition("a", "none", "inactive"))));
    }

    @Test
    void aCompleteListEndsAllOthersOfItsOwn() {
        assertEquals(List.of("start a", "start b"), complete(on("a"), on("b")));
        List<RecordBody> records = new ArrayList<>();
        Condition other = new Condition("cp2", "a", "a", "", "tech", "none", "active", null);
        book.take("cp2", List.of(other), true, records);
        assertEquals(List.of("start a"), told(records));
        assertEquals(List.of("end b", "start c"), complete(on("a"), on("c")));
        assertEquals(List.of("end a", "end c"), complete());
        assertEquals(List.of(other), book.open());
    }

    /** Else it would be told as changed with every list. */
    @Test
    void anAlarmThatStandsTwiceInACompleteListIsTheFirst() {
        assertEquals(List.of("start a"), complete(on("a"), condition("a", "low", "active")));
        assertEquals(List.of(), complete(on("a"), condition("a", "low", "active")));
    }

    @Test
    void theLossOfTheDeviceIsNoEndAndWhatIsMetAgainStartsAnew() {
        edges(on("a"), on("b"));
        assertEquals(List.of("unknown a", "unknown b"), told(book.lost()));
        assertEquals(List.of(), told(book.lost()));
        assertEquals(List.of(), told(edges(condition("b", "none", "inactive"))));
        assertEquals(List.of("start a"), told(edges(on("a"))));
    }

    /** Design, section 7: what a full buffer refuses is told again; an alarm without a start could never be understood. */
    @Test
    void whatWasNotKeptIsToldAnew() {
        edges(on("a"));
        book.settle(true);
        edges(condition("a", "low", "active"), on("b"));
        edges(condition("a", "low", "inactive"));
        book.settle(false);
        assertEquals(List.of(on("a")), book.open());
        assertEquals(List.of("end a", "start b"), told(edges(condition("a", "low", "inactive"), on("b"))));
        book.settle(true);
        book.settle(false);
        assertEquals(List.of(on("b")), book.open());
    }

    @Test
    void moreThanTheBoundAreCountedAndNotOpened() {
        List<Condition> many = new ArrayList<>();
        for (int i = 0; i < AlarmBook.OPEN_MAX + 10; i++) {
            many.add(on("a" + i));
        }
        List<RecordBody> records = new ArrayList<>();
        assertEquals(10, book.take("cp1", many, true, records));
        assertEquals(AlarmBook.OPEN_MAX, records.size());
        assertEquals(10, book.take("cp1", many, true, records));
        records.clear();
        assertEquals(0, book.take("cp1", many.subList(10, many.size()), true, records));
        assertEquals(20, records.size(), "ten ends make room for ten starts");
        assertEquals("end a0", told(records).get(0));
    }

    @Test
    void overAnySequenceStartsAndEndsOfEachAlarmAlternate() {
        for (int seed = 0; seed < 500; seed++) {
            new Walk(seed).run();
        }
    }

    /** A device at random: edges, complete lists, losses, refusals; what is kept is judged as a subscriber would. */
    private static final class Walk {
        private final Random random;
        private final String what;
        private final AlarmBook book = new AlarmBook();
        private final Map<String, Condition> open = new HashMap<>();

        Walk(int seed) {
            random = new Random(seed);
            what = "seed " + seed;
        }

        void run() {
            for (int step = 0; step < 60; step++) {
                boolean isLost = random.nextInt(8) == 0;
                List<RecordBody> records = isLost ? book.lost() : heard();
                boolean areKept = random.nextInt(5) > 0;
                book.settle(areKept);
                if (areKept) {
                    records.forEach(record -> judge((Alarm) record, isLost));
                }
                assertEquals(open, byId(book.open()), what);
            }
        }

        private List<RecordBody> heard() {
            List<RecordBody> records = new ArrayList<>();
            String list = random.nextBoolean() ? "one" : "two";
            List<Condition> told = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                String id = "a" + random.nextInt(5);
                String priority = random.nextBoolean() ? "high" : "low";
                String state = List.of("active", "latched", "inactive").get(random.nextInt(3));
                told.add(new Condition(list, id, id, "", "phys", priority, state, null));
            }
            book.take(list, told, random.nextBoolean(), records);
            return records;
        }

        private void judge(Alarm alarm, boolean isLost) {
            String id = alarm.condition().alarm();
            boolean isOpen = open.containsKey(id);
            assertEquals(isOpen, alarm.phase() != Phase.START, what + ": " + alarm);
            assertEquals(isLost, alarm.phase() == Phase.UNKNOWN, what + ": " + alarm);
            assertTrue(
                    alarm.phase() != Phase.UPDATE || !alarm.condition().equals(open.get(id)),
                    what + ": nothing changed: " + alarm);
            if (alarm.phase() == Phase.START || alarm.phase() == Phase.UPDATE) {
                open.put(id, alarm.condition());
            } else {
                open.remove(id);
            }
        }

        private static Map<String, Condition> byId(List<Condition> conditions) {
            Map<String, Condition> byId = new HashMap<>();
            conditions.forEach(condition -> byId.put(condition.alarm(), condition));
            return byId;
        }
    }
}
