package org.wasla.gateway.codec;

import java.nio.charset.StandardCharsets;
import org.wasla.gateway.frame.Bytes;

/**
 * What we say in POCT1-A. Each message has a number of our own. Here is no clock: a message carries the time of the
 * device's message that it follows, so that a device that looks at it sees its own. One thread.
 */
final class PoctWords {
    private int number;
    private String time = "";
    private boolean isMllp;

    /** @param deviceTime as sent, or empty */
    void heard(String deviceTime, boolean inMllp) {
        time = deviceTime;
        isMllp = inMllp;
    }

    /** @return the number of what was said last */
    String last() {
        return Integer.toString(number);
    }

    /**
     * @param type {@code AA}: taken; {@code AE}: not taken
     * @param of the number of the message that is answered
     */
    Bytes ack(String type, String of) {
        return message("ACK.R01", "ACK", "ACK.type_cd", type, "ACK.ack_control_id", of);
    }

    Bytes requestObservations() {
        return message("REQ.R01", "REQ", "REQ.request_cd", "ROBS");
    }

    Bytes startContinuous() {
        return message("DTV.R01", "DTV", "DTV.command_cd", "START_CONTINUOUS");
    }

    Bytes end() {
        return message("END.R01", "TRM", "TRM.reason_cd", "NRM");
    }

    /** @param fields names and values in turn */
    private Bytes message(String root, String object, String... fields) {
        number++;
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><")
                .append(root)
                .append("><HDR>");
        field(xml, "HDR.message_type", root);
        field(xml, "HDR.control_id", last());
        field(xml, "HDR.version_id", "POCT1");
        if (!time.isEmpty()) {
            field(xml, "HDR.creation_dttm", time);
        }
        xml.append("</HDR><").append(object).append('>');
        for (int i = 0; i < fields.length; i += 2) {
            field(xml, fields[i], fields[i + 1]);
        }
        xml.append("</").append(object).append("></").append(root).append('>');
        String text = isMllp ? (char) XmlFrames.VT + xml.toString() + "\u001c\r" : xml.toString();
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void field(StringBuilder xml, String name, String value) {
        xml.append('<').append(name).append(" V=\"").append(escaped(value)).append("\"/>");
    }

    /** What an attribute may hold in double quotes (XML 1.0, 2.4); what no document may hold is left out. */
    static String escaped(String value) {
        StringBuilder escaped = new StringBuilder();
        value.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\t', '\n', '\r' -> escaped.append("&#").append(c).append(';');
                default -> {
                    boolean isNone = c < ' ' || c == 0xfffe || c == 0xffff || c >= 0xd800 && c <= 0xdfff;
                    escaped.append(isNone ? "" : Character.toString(c));
                }
            }
        });
        return escaped.toString();
    }
}
