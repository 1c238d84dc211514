package org.wasla.gateway.imaging;

import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.DataSet;

/**
 * What an object says of whose it is, for the reconciliation with patients and orders and for nothing else: it is never
 * written into records or logs. Immutable.
 *
 * @param patientId as sent
 * @param issuer of the patient id
 * @param birthDate YYYYMMDD
 * @param sex M, F or O
 * @param accession of the order
 * @param admission of the visit
 */
public record ExtractIdentity(
        @Nullable String patientId,
        @Nullable String issuer,
        @Nullable String birthDate,
        @Nullable String sex,
        @Nullable String accession,
        @Nullable String admission) {
    static ExtractIdentity of(DataSet data) {
        return new ExtractIdentity(
                data.text(0x0010_0020),
                data.text(0x0010_0021),
                data.text(0x0010_0030),
                data.text(0x0010_0040),
                data.text(0x0008_0050),
                data.text(0x0038_0010));
    }

    /** Nothing of it, so that no log holds it by accident. */
    @Override
    public String toString() {
        return "ExtractIdentity";
    }
}
