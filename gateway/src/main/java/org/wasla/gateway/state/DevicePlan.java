package org.wasla.gateway.state;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.wasla.bridge.link.LinkSettings;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.config.DeviceList;

/**
 * From one list of devices to another: what to do to which line, and in which order. Immutable. Lines that stay as they
 * are do not occur.
 *
 * @param first lines to take away before others are put, since those need their port
 * @param puts lines to add or to change, those that touch least first
 * @param last lines to take away once all the others hold
 * @param oneAlone whether the first of {@code puts} can be tried before the others
 */
public record DevicePlan(List<Step> first, List<Step> puts, List<Step> last, boolean oneAlone) {
    public DevicePlan {
        first = List.copyOf(first);
        puts = List.copyOf(puts);
        last = List.copyOf(last);
    }

    /**
     * One line.
     *
     * @param line its name in {@link DeviceList#lines}
     * @param was null: it is new
     * @param is null: it goes
     */
    public record Step(String line, Config.@Nullable Device was, Config.@Nullable Device is) {
        /** Whether another version of the same profile goes on on the same wire: old and new can be compared. */
        boolean isSameTalk() {
            return was != null
                    && is != null
                    && was.link().equals(is.link())
                    && was.profile().id().equals(is.profile().id());
        }

        private boolean isRemoval() {
            return is == null;
        }

        private @Nullable LinkSettings wanted() {
            return is == null ? null : is.link();
        }
    }

    static DevicePlan of(DeviceList now, DeviceList wanted) {
        Map<String, Config.Device> before = now.lines();
        Map<String, Config.Device> after = wanted.lines();
        List<Step> steps = new ArrayList<>();
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            Step step = new Step(name, before.get(name), after.get(name));
            if (!isSame(step.was(), step.is())) {
                steps.add(step);
            }
        }
        return order(steps, before);
    }

    private static DevicePlan order(List<Step> steps, Map<String, Config.Device> before) {
        Map<String, String> holders = new LinkedHashMap<>();
        before.forEach((name, device) -> holders.put(device.link().text(), name));
        Set<String> needed = new HashSet<>();
        for (Step step : steps) {
            LinkSettings wanted = step.wanted();
            if (wanted != null) {
                needed.add(wanted.text());
            }
        }
        List<Step> first = new ArrayList<>();
        List<Step> last = new ArrayList<>();
        List<Step> free = new ArrayList<>();
        List<Step> waiting = new ArrayList<>();
        for (Step step : steps) {
            Config.Device was = step.was();
            if (was != null && step.isRemoval()) {
                (needed.contains(was.link().text()) ? first : last).add(step);
            } else if (step.isSameTalk()) {
                free.add(0, step);
            } else {
                LinkSettings wanted = step.wanted();
                String holder = wanted == null ? null : holders.get(wanted.text());
                (holder == null || holder.equals(step.line()) ? free : waiting).add(step);
            }
        }
        boolean oneAlone = !free.isEmpty();
        free.addAll(waiting);
        return new DevicePlan(first, free, last, oneAlone);
    }

    private static boolean isSame(Config.@Nullable Device a, Config.@Nullable Device b) {
        return a != null
                && b != null
                && a.profile().hash().equals(b.profile().hash())
                && a.profile().id().equals(b.profile().id())
                && a.link().equals(b.link())
                && Objects.equals(a.location(), b.location())
                && a.parts().equals(b.parts())
                && a.aliases().equals(b.aliases());
    }

    /** All steps in the order in which they are told. */
    List<Step> steps() {
        List<Step> all = new ArrayList<>(first);
        all.addAll(puts);
        all.addAll(last);
        return all;
    }
}
