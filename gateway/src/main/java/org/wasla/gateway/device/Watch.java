package org.wasla.gateway.device;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.Condition;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.RecordJson.Patient;
import org.wasla.gateway.orders.OrderDesk;

/** What a worker tells the box, and asks it, on its device's thread. The answers come at once. */
@FunctionalInterface
public interface Watch {
    /** Told of each change of the device's state. */
    void changed(String device, DeviceWorker.Status status);

    /**
     * Told of each change of open alarms.
     *
     * @param device the device or, where there are several behind its port, one of them
     * @param open its open alarms, oldest first; their records are kept or on their way
     * @param timeMs UTC, of the message that changed them
     */
    default void alarms(String device, List<Condition> open, long timeMs) {}

    /**
     * Told what was read, after it was kept, and of each wait that brought nothing.
     *
     * @param bytes of which the first {@code length} are new; not to be kept
     * @param length 0 when nothing came
     * @param timeMs UTC, when it was read
     */
    default void heard(String device, byte[] bytes, int length, long timeMs) {}

    /** The same of a further line of a device. */
    default void heardFurther(byte[] bytes, int length, long timeMs) {}

    /**
     * Told how many values were measured, once they are kept or on their way.
     *
     * @param device the device, or its part behind a port
     * @param values observations and results that have a value; samples of waves are none
     */
    default void measured(String device, int values) {}

    /**
     * Told what a message said, once it is kept or on its way.
     *
     * @param device the device, or its part behind a port
     * @param timeMs UTC, when it was read
     */
    default void said(String device, Mapped mapped, long timeMs) {}

    /** Asked whose a device's values are; null: nobody's. */
    default @Nullable Patient patient(String device, long timeMs) {
        return null;
    }

    /**
     * Told which patient's number is entered at a device, with every message that says it, before the message is kept.
     *
     * @param patient {@code number^^^authority}, clear text; empty: none is entered any more
     * @param timeMs UTC, when it was read
     */
    default void typed(String device, String patient, long timeMs) {}

    /** Asked once for each opening of a line: who knows what is ordered of the device. */
    default OrderDesk orders(String device) {
        return OrderDesk.NONE;
    }

    /** For a further line of the same device, which tells nothing but has the same patient. */
    default Watch ofFurtherLine() {
        Watch first = this;
        return new Watch() {
            @Override
            public void changed(String device, DeviceWorker.Status status) {}

            @Override
            public void heard(String device, byte[] bytes, int length, long timeMs) {
                first.heardFurther(bytes, length, timeMs);
            }

            @Override
            public @Nullable Patient patient(String device, long timeMs) {
                return first.patient(device, timeMs);
            }

            @Override
            public void typed(String device, String patient, long timeMs) {
                first.typed(device, patient, timeMs);
            }

            @Override
            public void measured(String device, int values) {
                first.measured(device, values);
            }

            @Override
            public void said(String device, Mapped mapped, long timeMs) {
                first.said(device, mapped, timeMs);
            }

            @Override
            public OrderDesk orders(String device) {
                return first.orders(device);
            }
        };
    }
}
