package org.wasla.gateway.cli;

import org.wasla.gateway.message.Message;
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
