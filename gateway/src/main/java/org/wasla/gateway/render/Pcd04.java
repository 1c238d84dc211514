package org.wasla.gateway.render;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An alarm as IHE PCD-04, ORU^R40^ORU_R40: one alarm a message, its facets below one part of the device (IHE Devices
 * TF-2 appendix B.8.5; lab.md 2.4). What a record does not say is told as not available. Stateless.
 *
 * <pre>
 * OBX  1.0.0.n.1  MDC_EVT_ALARM          which alarm
 * OBX  1.0.0.n.2  MDC_ATTR_ALERT_SOURCE  the value that it is about; OBX-7 the limit that was passed
 * OBX  1.0.0.n.3  MDC_ATTR_EVENT_PHASE   start update end
 * OBX  1.0.0.n.4  MDC_ATTR_ALARM_STATE   inactive active latched
 * OBX  1.0.0.n.6  MDC_ATTR_ALARM_PRIORITY  PN PL PM PH
 * OBX  1.0.0.n.7  MDC_ATTR_ALERT_TYPE    SP physiological, ST technical, SA advisory
 * </pre>
 *
 * The fifth facet, whether somebody silenced it, no record tells.
 */
public final class Pcd04 {
    private static final String PROFILE = "IHE_PCD_ACM_001";
    private static final String OID = "1.3.6.1.4.1.19376.1.6.1.4.1";
    private static final String[] ALARM = {"196616", "MDC_EVT_ALARM", PcdWriter.MDC};

    private Pcd04() {}

    /**
     * @param start id of the record in which the alarm began; empty when this is it, or it is not known
     * @param nowMs UTC, for MSH-7
     * @return null when it is no alarm
     * @throws IOException when it is no record
     */
    public static Pcd.@Nullable Message message(byte[] record, String start, Pcd.Source source, long nowMs)
            throws IOException {
        Tree of = Tree.read(record);
        if (!of.text("k").equals("alarm")) {
            return null;
        }
        PcdWriter pcd = new PcdWriter(source);
        String controlId = PcdWriter.controlId(of, of);
        pcd.header(of, "R40", PROFILE, OID, controlId, nowMs);
        pcd.patient(of);
        pcd.order(of, ALARM, start);
        pcd.device(of);
        String part = pcd.nextPart();
        event(pcd, of, part + ".1");
        origin(pcd, of, part + ".2");
        String phase = of.text("phase");
        facet(pcd, "68481", "MDC_ATTR_EVENT_PHASE", part + ".3", phase.equals("unknown") ? "" : phase);
        facet(pcd, "68482", "MDC_ATTR_ALARM_STATE", part + ".4", of.text("state"));
        facet(pcd, "68484", "MDC_ATTR_ALARM_PRIORITY", part + ".6", priority(of));
        facet(pcd, "68485", "MDC_ATTR_ALERT_TYPE", part + ".7", type(of));
        return new Pcd.Message(controlId, pcd.bytes());
    }

    private static void event(PcdWriter pcd, Tree of, String part) {
        PcdWriter.Row row = new PcdWriter.Row(ALARM, part);
        row.coded(pcd.alarmCode(of));
        row.flag = priority(of) + (type(of).isEmpty() ? "" : '~' + type(of));
        pcd.row(row);
    }

    private static void origin(PcdWriter pcd, Tree of, String part) {
        PcdWriter.Row row = new PcdWriter.Row(new String[] {"68480", "MDC_ATTR_ALERT_SOURCE", PcdWriter.MDC}, part);
        Tree source = of.tree("src");
        if (source == null) {
            row.flag = "NAV";
            row.absent("");
        } else {
            row.coded(pcd.code(source));
        }
        row.range = of.text("lim");
        pcd.row(row);
    }

    private static void facet(PcdWriter pcd, String code, String reference, String part, String text) {
        PcdWriter.Row row = new PcdWriter.Row(new String[] {code, reference, PcdWriter.MDC}, part);
        if (text.isEmpty()) {
            row.flag = "NAV";
            row.absent("");
        } else {
            row.text(text, "");
        }
        pcd.row(row);
    }

    private static String priority(Tree of) {
        return switch (of.text("prio")) {
            case "high" -> "PH";
            case "medium" -> "PM";
            case "low" -> "PL";
            default -> "PN";
        };
    }

    private static String type(Tree of) {
        return switch (of.text("kind")) {
            case "phys" -> "SP";
            case "tech" -> "ST";
            case "adv" -> "SA";
            default -> "";
        };
    }
}
