package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.dicom.State.Event;

/** PS3.8 table 9-10: a wrong entry lets a peer that misbehaves hold an association open, or ends one that is sound. */
class StateTest {
    /** By column, where the table in the code goes by row: event numbers of the standard with their actions. */
    private static final String COLUMNS = """
            1  1=AE1 5=AE5
            2  3,4,10,12,13,19=AA1 6=AE6 16,18=AA2 17=AA5
            3  3,4,6,10,12,13,19=AA8 7=AE7 8=AE8 15=AA1 16=AA3 17=AA4
            4  2=AE2 15=AA2 17=AA4
            5  3=AE3 4=AE4 6,10,12,13,19=AA8 15=AA1 16=AA3 17=AA4
            6  3,4,6,13,19=AA8 9=DT1 10=DT2 11=AR1 12=AR2 15=AA1 16=AA3 17=AA4
            7  3,4,6,19=AA8 10=AR6 12=AR8 13=AR3 15=AA1 16=AA3 17=AA4
            8  3,4,6,10,12,13,19=AA8 9=AR7 14=AR4 15=AA1 16=AA3 17=AA4
            9  3,4,6,10,12,13,19=AA8 14=AR9 15=AA1 16=AA3 17=AA4
            10 3,4,6,10,12,19=AA8 13=AR10 15=AA1 16=AA3 17=AA4
            11 3,4,6,10,12,19=AA8 13=AR3 15=AA1 16=AA3 17=AA4
            12 3,4,6,10,12,13,19=AA8 14=AR4 15=AA1 16=AA3 17=AA4
            13 3,4,10,12,13=AA6 6,19=AA7 16,18=AA2 17=AR5
            """;

    @Test
    void everyEntryIsTheStandards() {
        Map<String, String> expected = new TreeMap<>();
        COLUMNS.lines().forEach(line -> {
            String[] words = line.split(" +");
            for (int i = 1; i < words.length; i++) {
                String[] sides = words[i].split("=");
                for (String event : sides[0].split(",")) {
                    expected.put("Sta" + words[0] + " Evt" + event, sides[1]);
                }
            }
        });
        Map<String, String> actual = new TreeMap<>();
        List<Event> events = List.of(Event.values());
        for (State state : State.values()) {
            for (Event event : events) {
                if (state.on(event) != null) {
                    actual.put(state + " Evt" + (events.indexOf(event) + 1), String.valueOf(state.on(event)));
                }
            }
        }
        assertEquals(expected, actual);
    }

    @Test
    void actionsLeadWhereTheStandardSays() {
        List<String> next = new ArrayList<>();
        for (State.Action action : State.Action.values()) {
            next.add(action + ">" + action.next(false));
        }
        assertEquals(
                "AE1>Sta4 AE2>Sta5 AE3>Sta6 AE4>Sta1 AE5>Sta2 AE6>Sta3 AE7>Sta6 AE8>Sta13 DT1>Sta6 DT2>Sta6 AR1>Sta7"
                        + " AR2>Sta8 AR3>Sta1 AR4>Sta13 AR5>Sta1 AR6>Sta7 AR7>Sta8 AR8>Sta10 AR9>Sta11 AR10>Sta12"
                        + " AA1>Sta13 AA2>Sta1 AA3>Sta1 AA4>Sta1 AA5>Sta1 AA6>Sta13 AA7>Sta13 AA8>Sta13",
                String.join(" ", next));
        assertEquals(State.COLLISION_REQUESTOR, State.Action.AR8.next(true));
    }
}
