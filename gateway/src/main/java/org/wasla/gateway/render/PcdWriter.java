package org.wasla.gateway.render;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.hl7.Er7Writer;

/** The segments of IHE PCD messages. One thread. */
final class PcdWriter {
    static final String MDC = "MDC";
    private static final String LOCAL = "99WASLA";
    private static final String SENDER = "WASLA";
    private static final int CONTROL_ID_CHARS = 20;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss.SSSxx", Locale.ROOT);
    /** A device's own time as records have it, to the minute at least. */
    private static final Pattern SHOWN = Pattern.compile(
            "(\\d{4})-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d)(?::(\\d\\d)(\\.\\d{1,4})?)?(Z|[+-]\\d\\d:?\\d\\d)?");

    private final Er7Writer er7 = new Er7Writer();
    private final Pcd.Source source;
    private String equipment = "";
    private String gateway = "";
    private int orders;
    private int rows;
    private int parts;

    PcdWriter(Pcd.Source source) {
        this.source = source;
    }

    /** One OBX before it is written. */
    static final class Row {
        private final String[] code;
        private final String part;
        private String type = "";
        private String[] value = {};
        private String unit = "";
        String flag = "";
        String range = "";
        String status = "R";
        String method = "";

        Row(String[] code, String part) {
            this.code = code;
            this.part = part;
        }

        /** A number keeps its digits. */
        void number(String digits, String ucum) {
            set("NM", ucum, plain(digits));
        }

        void bound(String comparator, String digits, String ucum) {
            set("SN", ucum, comparator, plain(digits));
        }

        void text(String text, String ucum) {
            set("ST", ucum, text);
        }

        void coded(String... components) {
            set("CWE", "", components);
        }

        void time(String time) {
            set("DTM", "", time);
        }

        /** Nothing was measured, so nothing stands there. */
        void absent(String ucum) {
            unit = ucum;
            status = "X";
        }

        private void set(String newType, String ucum, String... components) {
            type = newType;
            unit = ucum;
            value = components;
        }

        private static String plain(String digits) {
            return digits.indexOf('e') < 0 && digits.indexOf('E') < 0 ? digits : new BigDecimal(digits).toPlainString();
        }
    }

    /** The same for the same records: a receiver knows a repeat by it. */
    static String controlId(Tree first, Tree last) {
        String name = first.text("id") + ' ' + last.text("id");
        String digest = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return digest.substring(0, CONTROL_ID_CHARS);
    }

    void header(Tree of, String event, String profile, String oid, String controlId, long nowMs) {
        er7.segment("MSH")
                .field(SENDER, of.text("gw"), "L")
                .field(source.site())
                .field(source.application())
                .field(source.facility())
                .field(time(nowMs))
                .field()
                .field("ORU", event, event.equals("R01") ? "ORU_R01" : "ORU_R40")
                .field(controlId)
                .field("P")
                .field("2.6")
                .skip(2)
                .field("AL")
                .field("NE")
                .field()
                .field("UNICODE UTF-8")
                .skip(2)
                .field(profile, "IHE PCD", oid, "ISO");
    }

    /** Whose it is: the pseudonym, or nobody that is known (PID-31). */
    void patient(Tree of) {
        Tree patient = of.tree("pat");
        er7.segment("PID").skip(2);
        if (patient == null) {
            er7.field().field().field("", "", "", "", "", "", "U").skip(25).field("Y");
        } else {
            er7.field(patient.text("ref"), "", "", source.site(), "ANON")
                    .field()
                    .field("", "", "", "", "", "", "S");
        }
        String[] place = of.text("loc").split("/", 2);
        er7.segment("PV1").field("1").field("U").field(place[0], "", place.length > 1 ? place[1] : "", source.site());
    }

    /** @param parent id of the record that this one goes on from, may be empty; ids of records hold no delimiters */
    void order(Tree of, String[] what, String parent) {
        orders++;
        rows = 0;
        parts = 0;
        equipment = of.text("dev");
        gateway = of.text("gw");
        er7.segment("OBR")
                .field(Integer.toString(orders))
                .field()
                .field(of.text("id"), SENDER)
                .field(what)
                .skip(2)
                .field(time(of.whole("t")));
        if (!parent.isEmpty()) {
            er7.skip(21).raw('^' + parent + '&' + SENDER);
        }
    }

    /** The device itself, and how far times can be trusted. */
    void device(Tree of) {
        Row device = new Row(deviceType(), "1.0.0.0");
        device.absent("");
        row(device);
        String shown = shown(of.text("dt"));
        if (!shown.isEmpty()) {
            Row clock = new Row(new String[] {"67975", "MDC_ATTR_TIME_ABS", MDC}, nextPart());
            clock.time(shown);
            row(clock);
        }
        Tree clock = of.tree("clk");
        if (clock != null && clock.text("s").equals("unsync")) {
            Row sync = new Row(new String[] {"68220", "MDC_TIME_SYNC_PROTOCOL", MDC}, nextPart());
            sync.coded("532224", "MDC_TIME_SYNC_NONE", MDC);
            row(sync);
        }
    }

    /** OBX-4 of the next part of the device: its levels below are not known, so 0. */
    String nextPart() {
        parts++;
        return "1.0.0." + parts;
    }

    void row(Row row) {
        rows++;
        er7.segment("OBX")
                .field(Integer.toString(rows))
                .field(row.type)
                .field(row.code)
                .field(row.part)
                .field(row.value);
        if (row.unit.isEmpty()) {
            er7.field();
        } else {
            er7.field(row.unit, row.unit, "UCUM");
        }
        er7.field(row.range).raw(row.flag).skip(2).field(row.status).skip(5);
        if (row.method.isEmpty()) {
            er7.field();
        } else {
            er7.field("", row.method);
        }
        er7.field(equipment, gateway);
    }

    /** What kind of device it is: an MDC code where one is known for sure, else our own words. */
    String[] deviceType() {
        return switch (source.kind()) {
            case "patient monitor", "gateway of patient monitors" ->
                new String[] {"69965", "MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS", MDC};
            case "ventilator" -> new String[] {"70001", "MDC_DEV_SYS_PT_VENT_MDS", MDC};
            case "infusion pump rack", "syringe pump" -> new String[] {"69985", "MDC_DEV_PUMP_INFUS_MDS", MDC};
            default -> {
                String kind = source.kind().isEmpty() ? "device" : source.kind();
                yield new String[] {kind.replace(' ', '-'), kind, LOCAL};
            }
        };
    }

    /** The MDC or LOINC code first, the device's own label always. */
    String[] code(Tree value) {
        String label = value.text("r").isEmpty() ? value.text("n") : value.text("r");
        String name = value.text("n").isEmpty() ? label : value.text("n");
        return with(standard(value), label, name);
    }

    String[] alarmCode(Tree of) {
        String label = of.text("a").isEmpty() ? of.text("r") : of.text("a");
        return with(standard(of), label, of.text("txt"));
    }

    private List<String> standard(Tree value) {
        if (value.has("c")) {
            String code = value.text("c");
            return List.of(code, source.references().getOrDefault(Integer.valueOf(code), ""), MDC);
        }
        return value.has("l") ? List.of(value.text("l"), "", "LN") : List.of();
    }

    private static String[] with(List<String> standard, String label, String words) {
        List<String> all = new ArrayList<>(standard);
        all.addAll(List.of(label, words, LOCAL));
        return all.toArray(String[]::new);
    }

    private String time(long ms) {
        return time(ms, source.zone());
    }

    private static String time(long ms, ZoneId zone) {
        return TIME.format(Instant.ofEpochMilli(ms).atZone(zone));
    }

    /** A device's time as HL7 writes it, untouched; empty when it is none. */
    private static String shown(String text) {
        Matcher time = SHOWN.matcher(text);
        if (!time.matches()) {
            return "";
        }
        StringBuilder shown = new StringBuilder();
        for (int group = 1; group <= 7; group++) {
            shown.append(time.group(group) == null ? "" : time.group(group));
        }
        String zone = time.group(8) == null ? "" : time.group(8);
        return shown + (zone.equals("Z") ? "+0000" : zone.replace(":", ""));
    }

    Bytes bytes() {
        return er7.bytes();
    }
}
