package org.wasla.gateway.dicom;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The states, events and actions of PS3.8 table 9-10, for both roles. Immutable. */
enum State {
    IDLE("1"),
    AWAIT_REQUEST("2"),
    AWAIT_LOCAL_ANSWER("3"),
    AWAIT_CONNECTION("4"),
    AWAIT_ANSWER("5"),
    ESTABLISHED("6"),
    AWAIT_RELEASE("7"),
    AWAIT_LOCAL_RELEASE("8"),
    COLLISION_REQUESTOR("9"),
    COLLISION_ACCEPTOR("10"),
    COLLISION_REQUESTOR_REPLIED("11"),
    COLLISION_ACCEPTOR_REPLIED("12"),
    AWAIT_CLOSE("13");

    /** The table's events, in its order: {@code Evt1} is the first. */
    enum Event {
        LOCAL_REQUEST,
        CONNECTED,
        ACCEPT_PDU,
        REJECT_PDU,
        INDICATED,
        REQUEST_PDU,
        LOCAL_ACCEPT,
        LOCAL_REJECT,
        LOCAL_DATA,
        DATA_PDU,
        LOCAL_RELEASE,
        RELEASE_REQUEST_PDU,
        RELEASE_REPLY_PDU,
        LOCAL_RELEASE_REPLY,
        LOCAL_ABORT,
        ABORT_PDU,
        CLOSED,
        TIMED_OUT,
        WRONG_PDU
    }

    /** The table's actions. */
    enum Action {
        AE1(AWAIT_CONNECTION),
        AE2(AWAIT_ANSWER),
        AE3(ESTABLISHED),
        AE4(IDLE),
        AE5(AWAIT_REQUEST),
        AE6(AWAIT_LOCAL_ANSWER),
        AE7(ESTABLISHED),
        AE8(AWAIT_CLOSE),
        DT1(ESTABLISHED),
        DT2(ESTABLISHED),
        AR1(AWAIT_RELEASE),
        AR2(AWAIT_LOCAL_RELEASE),
        AR3(IDLE),
        AR4(AWAIT_CLOSE),
        AR5(IDLE),
        AR6(AWAIT_RELEASE),
        AR7(AWAIT_LOCAL_RELEASE),
        /** Of the acceptor; the requestor goes to {@link #COLLISION_REQUESTOR}. */
        AR8(COLLISION_ACCEPTOR),
        AR9(COLLISION_REQUESTOR_REPLIED),
        AR10(COLLISION_ACCEPTOR_REPLIED),
        AA1(AWAIT_CLOSE),
        AA2(IDLE),
        AA3(IDLE),
        AA4(IDLE),
        AA5(IDLE),
        AA6(AWAIT_CLOSE),
        AA7(AWAIT_CLOSE),
        AA8(AWAIT_CLOSE);

        private final State next;

        Action(State next) {
            this.next = next;
        }

        State next(boolean isRequestor) {
            return this == AR8 && isRequestor ? COLLISION_REQUESTOR : next;
        }
    }

    /** One row an event, one column a state; a dash cannot happen, and asking for it is a fault of the caller. */
    private static final String TABLE = """
            AE1 -   -   -   -   -   -   -   -   -    -   -    -
            -   -   -   AE2 -   -   -   -   -   -    -   -    -
            -   AA1 AA8 -   AE3 AA8 AA8 AA8 AA8 AA8  AA8 AA8  AA6
            -   AA1 AA8 -   AE4 AA8 AA8 AA8 AA8 AA8  AA8 AA8  AA6
            AE5 -   -   -   -   -   -   -   -   -    -   -    -
            -   AE6 AA8 -   AA8 AA8 AA8 AA8 AA8 AA8  AA8 AA8  AA7
            -   -   AE7 -   -   -   -   -   -   -    -   -    -
            -   -   AE8 -   -   -   -   -   -   -    -   -    -
            -   -   -   -   -   DT1 -   AR7 -   -    -   -    -
            -   AA1 AA8 -   AA8 DT2 AR6 AA8 AA8 AA8  AA8 AA8  AA6
            -   -   -   -   -   AR1 -   -   -   -    -   -    -
            -   AA1 AA8 -   AA8 AR2 AR8 AA8 AA8 AA8  AA8 AA8  AA6
            -   AA1 AA8 -   AA8 AA8 AR3 AA8 AA8 AR10 AR3 AA8  AA6
            -   -   -   -   -   -   -   AR4 AR9 -    -   AR4  -
            -   -   AA1 AA2 AA1 AA1 AA1 AA1 AA1 AA1  AA1 AA1  -
            -   AA2 AA3 -   AA3 AA3 AA3 AA3 AA3 AA3  AA3 AA3  AA2
            -   AA5 AA4 AA4 AA4 AA4 AA4 AA4 AA4 AA4  AA4 AA4  AR5
            -   AA2 -   -   -   -   -   -   -   -    -   -    AA2
            -   AA1 AA8 -   AA8 AA8 AA8 AA8 AA8 AA8  AA8 AA8  AA7
            """;

    private static final Map<Event, Map<State, Action>> ACTIONS = actions();

    /** The number in the standard. */
    private final String number;

    State(String number) {
        this.number = number;
    }

    private static Map<Event, Map<State, Action>> actions() {
        Map<Event, Map<State, Action>> actions = new EnumMap<>(Event.class);
        Iterator<String> rows = TABLE.lines().iterator();
        for (Event event : Event.values()) {
            Map<State, Action> row = new EnumMap<>(State.class);
            Iterator<String> cells = List.of(rows.next().strip().split(" +")).iterator();
            for (State state : State.values()) {
                String cell = cells.next();
                if (!cell.equals("-")) {
                    row.put(state, Action.valueOf(cell));
                }
            }
            actions.put(event, row);
        }
        return actions;
    }

    /** Null where the table has no entry. */
    @Nullable
    Action on(Event event) {
        return Objects.requireNonNull(ACTIONS.get(event)).get(this);
    }

    @Override
    public String toString() {
        return "Sta" + number;
    }
}
