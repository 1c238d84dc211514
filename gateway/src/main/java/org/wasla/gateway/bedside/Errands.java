package org.wasla.gateway.bedside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.command.Command;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.identity.OrderStore;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.patient.Inquiry;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.ward.Ward;

/** Carries out what the platform orders about patients. Thread-safe; says why not, without anything of a patient. */
public final class Errands {
    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
    public static final String LATER = "it cannot be kept now; give it again";

    private static final long AHEAD_MS = 60_000;
    private static final long BEHIND_MS = 30L * 86_400_000;

    private final Config config;
    private final Bedside bedside;
    private final Supplier<Config> current;

    /** @param current with the devices that are in force now */
    public Errands(Config config, Supplier<Config> current, Bedside bedside) {
        this.config = config;
        this.current = current;
        this.bedside = bedside;
    }

    private Set<String> devices() {
        Set<String> devices = new HashSet<>();
        for (Config.Device device : current.get().devices()) {
            devices.add(device.id());
            device.parts().values().forEach(part -> devices.add(part.id()));
        }
        return devices;
    }

    /** @return why it is refused; empty when it is done and would survive the plug being pulled */
    public List<String> carryOut(Command.Errand errand) {
        try {
            if (errand instanceof Command.Worklist worklist) {
                return order(worklist);
            }
            if (errand instanceof Command.Lookup lookup) {
                return answered(lookup);
            }
            return associate((Command.Associate) errand);
        } catch (IOException notKept) {
            LOG.warn("command not kept verb={} cause=\"{}\"", errand.verb(), notKept.getMessage());
            return List.of(LATER);
        }
    }

    private List<String> order(Command.Worklist worklist) throws IOException {
        OrderStore store = bedside.orders();
        if (store == null) {
            return List.of("no device of this box asks for orders, or its folder of patients cannot be used");
        }
        long nowMs = System.currentTimeMillis();
        List<String> problems = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Change each : worklist.changes(nowMs)) {
            changes.add(each instanceof Change.Put put ? new Change.Put(whole(put.order(), problems)) : each);
        }
        if (problems.isEmpty()) {
            problems = store.apply(worklist.client() + "/" + worklist.jti(), changes, nowMs);
        }
        if (problems.isEmpty()) {
            tellRegistry(changes);
        }
        return problems;
    }

    private void tellRegistry(List<Change> changes) {
        Ward ward = bedside.ward();
        for (Change each : changes) {
            if (ward != null
                    && each instanceof Change.Put put
                    && !put.order().specimen().isEmpty()) {
                Order.Patient of = put.order().patient();
                PatientId.of(of.number(), of.authority(), "")
                        .ifPresent(id -> ward.ordered(id, put.order().specimen()));
            }
        }
    }

    private List<String> answered(Command.Lookup lookup) throws IOException {
        Ward ward = bedside.ward();
        if (ward == null) {
            return List.of("this box asks no registry; configure registry");
        }
        String problem = ward.answered(new Inquiry.Answer(
                lookup.request(),
                lookup.rev(),
                Inquiry.Said.valueOf(lookup.said().toUpperCase(Locale.ROOT)),
                lookup.reference().isEmpty() ? null : lookup.reference(),
                lookup.isMerged()));
        return problem == null ? List.of() : List.of(problem);
    }

    private List<String> associate(Command.Associate command) throws IOException {
        Ward ward = bedside.ward();
        OrderStore orders = bedside.orders();
        if (ward == null || orders == null) {
            return List.of("this box keeps no patients; configure adt, patient or a scanner");
        }
        String name = command.client() + "/" + command.jti();
        if (orders.knows(name)) {
            return List.of();
        }
        long nowMs = System.currentTimeMillis();
        long atMs = command.fromMs() == null ? nowMs : command.fromMs();
        if (atMs > nowMs + AHEAD_MS || atMs < nowMs - BEHIND_MS) {
            return List.of("t is not within the last 30 days; write UTC in ms");
        }
        Command.Associate.Patient whose = command.patient();
        PatientId id = null;
        if (whose != null) {
            id = new PatientId(whose.number(), whose.authority(), "")
                    .orAuthority(config.patients().authority());
        }
        boolean isOrdered = id != null && isOrdered(orders, id, nowMs);
        String problem = ward.ordered(command.device(), id, isOrdered, command.who(), Math.min(atMs, nowMs));
        if (problem != null) {
            return List.of(problem);
        }
        return orders.apply(name, List.of(), nowMs);
    }

    private static boolean isOrdered(OrderStore orders, PatientId id, long nowMs) {
        return orders.book().ofPatient(id.value(), nowMs).stream()
                .anyMatch(order -> order.patient().authority().equals(id.authority()));
    }

    /** A number without an authority is of the house's, as everywhere in the box. */
    private Order whole(Order order, List<String> problems) {
        Set<String> devices = devices();
        for (String device : order.devices()) {
            if (!devices.contains(device)) {
                problems.add("order " + order.id() + ": dev is '" + device + "', no device of this box; write one of "
                        + String.join(", ", devices.stream().sorted().toList()));
            }
        }
        Order.Patient of = order.patient();
        return of.number().isEmpty() || !of.authority().isEmpty()
                ? order
                : order.of(new Order.Patient(
                        of.number(), config.patients().authority(), of.family(), of.given(), of.birth(), of.sex()));
    }
}
