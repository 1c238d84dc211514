package org.wasla.gateway.patient;

import org.jspecify.annotations.Nullable;
import org.wasla.gateway.patient.Association.State;

/**
 * A message of IHE PCIM (DEV-51, DEV-52): a device is, or is no longer, on a patient. Immutable.
 *
 * @param foreign the sender's id of the association (OBR-3), as a pseudonym
 * @param parent that of the association that it changes (OBR-29), or null
 * @param device our id of the device (PRT-10 by name or alias)
 * @param ref pseudonym of the patient
 * @param isEnd whether the device is taken off (198334 instead of 198332)
 * @param state OBX-11
 * @param who pseudonym of who says so (PRT of AUT, else RO), or null
 * @param beginMs UTC (PRT-11, else OBR-7)
 * @param endMs UTC (PRT-12, else OBR-8 of an end), {@link Association#OPEN} where none is said
 */
public record PcimReport(
        String foreign,
        @Nullable String parent,
        String device,
        String ref,
        boolean isEnd,
        State state,
        @Nullable String who,
        long beginMs,
        long endMs) {}
