package org.wasla.gateway.acts;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What counts as an act at this site. Immutable.
 *
 * @param finals statuses of results that count; {@code none} stands for results without one
 * @param quietMs a period ends when nothing has shown it for longer
 * @param leastMs a shorter period is none
 * @param duplicateMs within this time another examination of the same kind is a duplicate
 * @param devices what is known of devices, by the id of their profile
 */
public record ActRules(
        Set<String> finals, long quietMs, long leastMs, long duplicateMs, ActTable table, Map<String, Device> devices) {
    public ActRules {
        finals = Set.copyOf(finals);
        devices = Map.copyOf(devices);
    }

    /** The same with other devices. */
    public ActRules of(Map<String, Device> others) {
        return new ActRules(finals, quietMs, leastMs, duplicateMs, table, others);
    }

    /**
     * A device that a profile is for.
     *
     * @param kind its kind, as in {@code device.kind}
     * @param periods what shows that it runs, or null: no periods are made of it
     */
    public record Device(String kind, @Nullable PeriodRules periods) {}
}
