package org.wasla.gateway.render;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values of one device as IHE PCD-01, ORU^R01^ORU_R01. Of several records each value is told once, the newest, in the
 * OBR of the record that it came with and at that record's time. Stateless.
 *
 * <pre>
 * MSH PID PV1
 *   OBR  one a record: OBR-3 its id, OBR-7 its time by the gateway
 *     OBX  1.0.0.0  the device
 *     OBX  1.0.0.1  its own clock, where it shows one; then whether the gateway's is unsynchronised
 *     OBX  1.0.0.n  one a value
 * </pre>
 */
public final class Pcd01 {
    private static final String PROFILE = "IHE_PCD_001";
    private static final String OID = "1.3.6.1.4.1.19376.1.6.1.1.1";

    private Pcd01() {}

    /**
     * @param records of one device and of the same {@link Pcd#whose}, the oldest first
     * @param nowMs UTC, for MSH-7
     * @return null when they hold no values
     * @throws IOException when one is no record
     */
    public static Pcd.@Nullable Message message(List<byte[]> records, Pcd.Source source, long nowMs)
            throws IOException {
        List<Tree> all = new ArrayList<>();
        Map<String, Integer> newest = new HashMap<>();
        for (byte[] record : records) {
            Tree of = Tree.read(record);
            for (Tree value : of.trees("obs")) {
                newest.put(key(value), all.size());
            }
            all.add(of);
        }
        Set<Integer> told = new HashSet<>(newest.values());
        if (told.isEmpty()) {
            return null;
        }
        Tree last = all.get(all.size() - 1);
        PcdWriter pcd = new PcdWriter(source);
        String controlId = PcdWriter.controlId(all.get(0), last);
        pcd.header(last, "R01", PROFILE, OID, controlId, nowMs);
        pcd.patient(last);
        for (int i = 0; i < all.size(); i++) {
            if (told.contains(i)) {
                order(pcd, all.get(i), i, newest);
            }
        }
        return new Pcd.Message(controlId, pcd.bytes());
    }

    private static String key(Tree value) {
        return value.text("c") + ' ' + value.text("r") + ' ' + value.text("m");
    }

    private static void order(PcdWriter pcd, Tree of, int nth, Map<String, Integer> newest) {
        pcd.order(of, pcd.deviceType(), "");
        pcd.device(of);
        for (Tree value : of.trees("obs")) {
            if (newest.getOrDefault(key(value), -1) == nth) {
                value(pcd, value);
            }
        }
    }

    private static void value(PcdWriter pcd, Tree value) {
        PcdWriter.Row row = new PcdWriter.Row(pcd.code(value), pcd.nextPart());
        row.flag = flag(value.text("q"));
        row.method = value.text("m");
        String number = value.get("v");
        String comparator = value.get("cmp");
        if (number != null && comparator != null) {
            row.bound(comparator, number, value.text("u"));
        } else if (number != null) {
            row.number(number, value.text("u"));
        } else if (value.has("s")) {
            row.text(value.text("s"), value.text("u"));
        } else {
            row.absent(value.text("u"));
        }
        if (value.text("q").equals("validated")) {
            row.status = "F";
        }
        pcd.row(row);
    }

    /** OBX-8: what the status of a measurement is called (IHE Devices TF-2 appendix B.8), and HL7 table 0078. */
    private static String flag(String q) {
        return switch (q) {
            case "questionable" -> "QUES";
            case "invalid" -> "INV";
            case "calibrating" -> "CAL";
            case "ongoing" -> "BUSY";
            case "overflow" -> ">";
            case "underflow" -> "<";
            case "na", "off" -> "NAV";
            case "test" -> "TEST";
            case "demo" -> "DEMO";
            case "early" -> "EARLY";
            default -> "";
        };
    }
}
