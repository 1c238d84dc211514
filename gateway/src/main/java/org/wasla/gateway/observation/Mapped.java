package org.wasla.gateway.observation;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Piece.Fault;

/**
 * What a message became.
 *
 * @param part which of several devices behind one port it is of, in letters, digits and dashes; null: the only one
 * @param deviceTime the device's own time as ISO 8601, with an offset if the device sent one, or null
 * @param timeFields fields that are told by the device time and need no telling again
 * @param bodies the records to publish; empty for a message that carries none
 * @param refused the field that is implausible, or null; when set nothing of the message is published
 * @param alarms how the device's alarms stand, or null when the message says nothing of them
 * @param zone of the device's clock by its profile, or null: that of its place
 * @param miscoded how many LOINC codes of the device are left out for a wrong check digit
 * @param typed the patient's number that was entered at the device, {@code number^^^authority}, empty: none is entered any
 *     more; null: nothing is said. It is for associations, and never published
 */
public record Mapped(
        @Nullable String part,
        @Nullable String deviceTime,
        List<String> timeFields,
        List<RecordBody> bodies,
        @Nullable String refused,
        @Nullable Alarms alarms,
        @Nullable ZoneId zone,
        int miscoded,
        @Nullable String typed) {
    /** What {@link #refused} is where no field is implausible, but a pattern of the profile searches without end. */
    static final String ENDLESS = "a text on which a pattern searches without end";

    /** Of a message that brings no records. */
    public static final Mapped NOTHING = new Mapped(null, null, List.of(), List.of(), null, null);

    /** Without codes of the device. */
    public Mapped(
            @Nullable String part,
            @Nullable String deviceTime,
            List<String> timeFields,
            List<RecordBody> bodies,
            @Nullable String refused,
            @Nullable Alarms alarms,
            @Nullable ZoneId zone) {
        this(part, deviceTime, timeFields, bodies, refused, alarms, zone, 0, null);
    }

    /** With a device time of the device's place, or none. */
    public Mapped(
            @Nullable String part,
            @Nullable String deviceTime,
            List<String> timeFields,
            List<RecordBody> bodies,
            @Nullable String refused,
            @Nullable Alarms alarms) {
        this(part, deviceTime, timeFields, bodies, refused, alarms, null);
    }

    public Mapped {
        timeFields = List.copyOf(timeFields);
        bodies = List.copyOf(bodies);
    }

    /**
     * How the alarms of a device stand after a message.
     *
     * @param open those that are open, oldest first
     * @param changed whether that is to be told: something changed, or it is the first that is known
     * @param left how many alarms of the message are not followed for want of room
     */
    public record Alarms(List<Condition> open, boolean changed, int left) {
        public Alarms {
            open = List.copyOf(open);
        }
    }

    /** A record that no message carried. */
    public static Mapped of(RecordBody body) {
        return new Mapped(null, null, List.of(), List.of(body), null, null);
    }

    /** @return the device of the records: that of the port, or its part */
    public String device(String port) {
        return part == null ? port : port + "-" + part;
    }

    /** What a message counts as of which nothing is published. */
    public Fault fault() {
        return ENDLESS.equals(refused) ? Fault.ENDLESS : Fault.FORMAT;
    }

    static Mapped refused(String field) {
        return new Mapped(null, null, List.of(), List.of(), field, null);
    }
}
