package org.wasla.gateway.render;

import java.io.IOException;
import java.time.ZoneId;
import java.util.Map;
import org.wasla.gateway.frame.Bytes;

/**
 * What the two renderings for hospital systems share: {@link Pcd01} values, {@link Pcd04} alarms (IHE Devices TF-2
 * appendix B, HL7 v2.6; lab.md 2.3 and 2.4). Stateless.
 */
public final class Pcd {
    private Pcd() {}

    /**
     * What records do not say of their device and of who is written to.
     *
     * @param site who has given the patients' pseudonyms, and sends
     * @param zone in which times are told, with its offset
     * @param kind of the device, such as {@code pulse oximeter}; may be empty
     * @param references the reference ids of MDC codes, as far as they are known
     * @param application MSH-5, may be empty
     * @param facility MSH-6, may be empty
     */
    public record Source(
            String site,
            ZoneId zone,
            String kind,
            Map<Integer, String> references,
            String application,
            String facility) {}

    /**
     * A message without a frame, in UTF-8.
     *
     * @param controlId MSH-10: the same for the same records, on whatever day it is rendered; 20 characters
     */
    public record Message(String controlId, Bytes body) {}

    /**
     * What a message says once for all its values: records that differ in this never share one.
     *
     * @return the patient's pseudonym and the place
     * @throws IOException when it is no record
     */
    public static String whose(byte[] record) throws IOException {
        Tree of = Tree.read(record);
        Tree patient = of.tree("pat");
        return (patient == null ? "" : patient.text("ref")) + ' ' + of.text("loc");
    }

    /**
     * Which alarm a record tells of, and whether it begins it.
     *
     * @param id of the record
     * @param alarm the alarm's own id, empty for another kind of record
     * @param isStart whether the alarm begins here
     */
    public record Alarm(String id, String alarm, boolean isStart) {}

    /** @throws IOException when it is no record */
    public static Alarm alarm(byte[] record) throws IOException {
        Tree of = Tree.read(record);
        return new Alarm(of.text("id"), of.text("a"), of.text("phase").equals("start"));
    }
}
