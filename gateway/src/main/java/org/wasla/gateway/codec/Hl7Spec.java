package org.wasla.gateway.codec;

import java.nio.charset.Charset;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.hl7.Hl7Answers;
import org.wasla.gateway.message.Talk;
import org.wasla.gateway.message.TalkSpec;
import org.wasla.gateway.orders.OrderDesk;

/**
 * How a device that sends HL7 version 2 over MLLP is talked with (lab.md 2). Immutable.
 *
 * @param answers how its messages are acknowledged
 * @param content what its observations are
 * @param part by what the devices behind one port are told apart
 * @param charset of messages that name none, or null: UTF-8 where the bytes are that, else ISO 8859-1
 * @param units UCUM units by the device's spelling, and by its codes of units
 * @param bytesMax most bytes of a message
 * @param takesBare whether text without a frame is a message
 * @param gapNs a frame that began is given up when the line is quiet for so long
 * @param deadlineNs a frame that began is given up after so long in any case
 * @param quietNs without a good message or a sign of life for this long the device counts as silent
 * @param isTyped whether the patient's number (PID-3) was entered at the device
 * @param answersOrders whether it asks what is ordered on a tube
 * @param orders what is ordered of the device
 * @param isReadOnly whether no byte is ever sent
 */
public record Hl7Spec(
        Hl7Answers.Mode answers,
        Content content,
        Part part,
        @Nullable Charset charset,
        Map<String, String> units,
        int bytesMax,
        boolean takesBare,
        long gapNs,
        long deadlineNs,
        long quietNs,
        boolean isTyped,
        boolean answersOrders,
        OrderDesk orders,
        boolean isReadOnly)
        implements TalkSpec {
    /** What the observations of a message are. */
    public enum Content {
        /** Of a device where codes are MDC's or the header names an IHE device profile; else results of analyses. */
        AUTO,
        /** Results of analyses of specimens. */
        RESULTS,
        /** Values, waves and alarms of a device at a patient. */
        DEVICE
    }

    /** By what the devices behind one port are told apart. */
    public enum Part {
        /** There is one. */
        NONE,
        /** The bed of PV1-3, or the address of its monitor; a message without either is of the port itself. */
        BED,
        /** The device that OBX-18 or else MSH-3 names. */
        EQUIPMENT
    }

    /** Of a device that asks nothing, and where nobody enters a patient. */
    public Hl7Spec(
            Hl7Answers.Mode answers,
            Content content,
            Part part,
            @Nullable Charset charset,
            Map<String, String> units,
            int bytesMax,
            boolean takesBare,
            long gapNs,
            long deadlineNs,
            long quietNs,
            boolean isReadOnly) {
        this(
                answers,
                content,
                part,
                charset,
                units,
                bytesMax,
                takesBare,
                gapNs,
                deadlineNs,
                quietNs,
                false,
                false,
                OrderDesk.NONE,
                isReadOnly);
    }

    public Hl7Spec {
        units = Map.copyOf(units);
    }

    @Override
    public Talk open(long nowNs) {
        return new Hl7Talk(this, nowNs);
    }

    @Override
    public TalkSpec listening() {
        return copy(OrderDesk.NONE, true);
    }

    @Override
    public TalkSpec with(OrderDesk desk) {
        return copy(desk, isReadOnly);
    }

    @Override
    public boolean takesOrders() {
        return answersOrders && !isReadOnly;
    }

    private Hl7Spec copy(OrderDesk desk, boolean listens) {
        return new Hl7Spec(
                answers,
                content,
                part,
                charset,
                units,
                bytesMax,
                takesBare,
                gapNs,
                deadlineNs,
                quietNs,
                isTyped,
                answersOrders,
                desk,
                listens);
    }

    /** MLLP has no checksum: TCP numbers and checks its bytes. */
    @Override
    public boolean isChecked() {
        return false;
    }
}
