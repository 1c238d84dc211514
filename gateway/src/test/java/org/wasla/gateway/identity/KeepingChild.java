package org.wasla.gateway.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.patient.AdtEvent.Demographics;
import org.wasla.gateway.patient.Association;
import org.wasla.gateway.patient.Association.How;
import org.wasla.gateway.patient.Association.Source;
import org.wasla.gateway.patient.Association.State;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.patient.Person;

/** A process that keeps one association, its patient and an order after the other, and says so on its output, until it is killed. */
final class KeepingChild {
    private KeepingChild() {}

    public static void main(String[] args) throws IOException {
        try (PatientStore store = PatientStore.open(Path.of(args[0]))) {
            int first = store.takeVersions().size() + 1;
            for (int i = first; i < 1_000_000; i++) {
                PatientId id = new PatientId("number " + i, "CHU", "PI");
                String ref = store.key().patient(id);
                Association association = new Association(
                        "a-" + i,
                        "oxi-1",
                        ref,
                        State.F,
                        Source.SCANNER,
                        How.SCANNED,
                        null,
                        null,
                        i,
                        Association.OPEN,
                        i);
                Person person = new Person(ref, List.of(id), Demographics.NONE, List.of(), List.of());
                Order.Patient whose = new Order.Patient("number " + i, "CHU", "", "", "", "");
                Order order = new Order("o-" + i, "T" + i, List.of("K"), "R", List.of(), whose, null, Long.MAX_VALUE);
                store.orders().apply("lis/" + i, List.of(new Change.Put(order)), i);
                store.keep(List.of(association), List.of(person), List.of());
                System.out.println(i);
            }
        }
    }
}
