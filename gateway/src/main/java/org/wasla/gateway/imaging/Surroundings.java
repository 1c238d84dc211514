package org.wasla.gateway.imaging;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.StepQuery;

/**
 * What imaging asks of orders and patients, answered by whoever knows. Immutable; its parts are thread-safe.
 *
 * @param keeper null where nothing can be kept
 */
public record Surroundings(
        Scheduled scheduled, Judge judge, @Nullable Keeper keeper) {
    /** A box that knows neither orders nor patients. */
    public static final Surroundings NONE = new Surroundings(query -> List.of(), (said, study) -> Whose.UNASKED, null);

    /** The study that the images of an order are of: the order's, else always the same one for the same order. */
    public static String study(Order order) {
        return Worklist.study(order);
    }

    /** Finds what is scheduled. */
    @FunctionalInterface
    public interface Scheduled {
        List<Order> find(StepQuery query);
    }

    /** Says whose an examination is. */
    @FunctionalInterface
    public interface Judge {
        /**
         * @param said what the object says of the patient
         * @param study UID, "" when it names none
         */
        Whose whose(ExtractIdentity said, String study);
    }

    /** Keeps what another worklist has. */
    public interface Keeper {
        Collection<Order> all();

        /** @throws IOException when it cannot be kept */
        void keep(List<Change> changes) throws IOException;
    }
}
