package org.wasla.gateway.print;

import java.util.List;
import org.wasla.gateway.dicom.DataSet;

/**
 * What is answered to a command of print management. Immutable.
 *
 * @param sopClass that the command is about; "" where it named none that is served
 * @param instance that was made or asked for; "" where there is none
 * @param data attributes of the answer, empty where there are none
 * @param pictures to be stored before a success is answered; then {@link PrintSession#stored} is told of each
 * @param otherwise status to be answered when one cannot be stored
 */
public record Answer(
        int status, String sopClass, String instance, DataSet data, List<Picture> pictures, int otherwise) {
    private static final int WARNING_MASK = 0xf000;
    private static final int WARNING = 0xb000;

    public Answer {
        pictures = List.copyOf(pictures);
    }

    /** An answer that nothing has to be stored for. */
    static Answer of(int status, PrintClass what, String instance, DataSet data) {
        return new Answer(status, what.uid(), instance, data, List.of(), status);
    }

    public boolean isSuccess() {
        return status == PrintStatus.SUCCESS;
    }

    /** Whether something was not done; a warning is none. */
    public boolean isRefused() {
        return !isSuccess() && (status & WARNING_MASK) != WARNING;
    }
}
