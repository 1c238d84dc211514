package org.wasla.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Observation;
import org.wasla.gateway.observation.Observation.Value;
import org.wasla.gateway.observation.RecordBody;

/** Says in one line what became of a field, for {@code decode --explain}. */
final class Explanation {
    private Explanation() {}

    static String of(Message.Field field, Mapped mapped) {
        if (field instanceof Message.Samples samples) {
            return field.name() + ": " + samples.values().size() + " samples";
        }
        if (field instanceof Message.Alarms alarms) {
            return field.name() + ": " + alarms.alarms().size()
                    + (alarms.complete() ? " alarms, all of this list" : " alarms");
        }
        if (field instanceof Message.Finding finding) {
            return finding.name() + " '" + finding.text() + "' " + finding.unit() + " -> a result";
        }
        if (field instanceof Message.Happening) {
            return field.name() + ": an event";
        }
        String sent = field.name() + " '" + ((Message.Item) field).text() + "' -> ";
        for (RecordBody body : mapped.bodies()) {
            if (body instanceof RecordBody.Numerics numerics) {
                for (Observation observation : numerics.observations()) {
                    if (observation.what().field().equals(field.name())) {
                        return sent + observation(observation);
                    }
                }
            }
        }
        return sent + (mapped.timeFields().contains(field.name()) ? "device time" : "not published");
    }

    /** @return a line for each alarm that is open after the message: its rule and field, or its code */
    static List<String> alarms(Mapped mapped) {
        Mapped.Alarms alarms = mapped.alarms();
        List<String> lines = new ArrayList<>();
        for (Condition on : alarms == null ? List.<Condition>of() : alarms.open()) {
            lines.add("alarm " + on.alarm() + " is open, by " + (on.list().isEmpty() ? "" : "code ") + on.label()
                    + ": \"" + on.text() + "\" " + on.state() + ", " + on.kind() + ", priority " + on.priority());
        }
        return lines;
    }

    private static String observation(Observation observation) {
        StringBuilder text = new StringBuilder();
        if (observation.what().name() != null) {
            text.append(observation.what().name()).append(' ');
        }
        if (observation.value() instanceof Value.Quantity quantity) {
            text.append(quantity.digits());
        } else if (observation.value() instanceof Value.Text words) {
            text.append('"').append(words.text()).append('"');
        } else {
            text.append("no value");
        }
        if (observation.what().unit() != null) {
            text.append(' ').append(observation.what().unit());
        }
        if (observation.flag() != null) {
            text.append(" [")
                    .append(observation.flag().wire())
                    .append(": ")
                    .append(observation.why())
                    .append(']');
        }
        return text.append(
                        observation.what().code() == null
                                ? ""
                                : " MDC " + observation.what().code())
                .toString();
    }
}
