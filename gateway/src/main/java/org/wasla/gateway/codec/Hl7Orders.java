package org.wasla.gateway.codec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.hl7.Er7Message;
import org.wasla.gateway.hl7.Er7Segment;
import org.wasla.gateway.hl7.Er7Writer;
import org.wasla.gateway.hl7.Hl7Answers;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.OrderDesk;

/**
 * Answers the questions of analysers that speak HL7 for what is ordered on a tube, in the dialects of lab.md 2.1: ORM^O01
 * by ORR^O02, QRY^Q02 by QCK^Q02 and DSR^Q03, QBP by RSP. Stateless.
 */
final class Hl7Orders {
    /** Lines of a DSR^Q03, by their numbers. */
    private static final int LINE_NUMBER = 1;

    private static final int LINE_NAME = 3;
    private static final int LINE_BIRTH = 4;
    private static final int LINE_SEX = 5;
    private static final int LINE_SPECIMEN = 21;
    private static final int LINE_URGENT = 24;
    private static final int LINE_TESTS = 29;

    private Hl7Orders() {}

    /** @return one frame or two, never silence; empty where the message asks for no tube */
    static Optional<Bytes> answer(Er7Message question, OrderDesk desk) {
        String kind = question.type() + '^' + question.event();
        return switch (kind) {
            case "ORM^O01" ->
                question.first("ORC").filter(orc -> orc.text(1).equals("RF")).map(orc -> released(question, orc, desk));
            case "QRY^Q02" -> question.first("QRD").map(qrd -> displayed(question, qrd, desk));
            case "QBP^Q11" -> question.first("QPD").map(qpd -> found(question, qpd, "K11", desk));
            case "QBP^Z03" -> question.first("QPD").map(qpd -> found(question, qpd, "Z02", desk));
            default -> Optional.empty();
        };
    }

    private static Er7Writer answer(Er7Message question, String code, String... type) {
        return Hl7Answers.header(question, type)
                .segment("MSA")
                .field(code)
                .raw(question.header().raw(10));
    }

    /** The analyser asks for a worklist by an order of its own, with the tube's number as the filler's. */
    private static Bytes released(Er7Message question, Er7Segment orc, OrderDesk desk) {
        String specimen = orc.text(3).strip();
        List<Order> orders = desk.ofSpecimen(specimen);
        if (orders.isEmpty()) {
            return answer(question, "AE", "ORR", "O02").framed();
        }
        Er7Writer answer = answer(question, "AA", "ORR", "O02");
        patient(answer, orders.get(0).patient());
        answer.segment("ORC").field("AF").field(specimen);
        answer.segment("OBR").field("1").field(specimen).field().field("00001", "Automated Count", "99MRC");
        int number = 0;
        for (Order order : orders) {
            for (String test : order.tests()) {
                answer.segment("OBX")
                        .field(Integer.toString(++number))
                        .field("IS")
                        .field("08003", "Test Mode", "99MRC")
                        .field()
                        .field(test)
                        .skip(5)
                        .field("F");
            }
        }
        return answer.framed();
    }

    /** First whether there is something, then the lines of it. */
    private static Bytes displayed(Er7Message question, Er7Segment qrd, OrderDesk desk) {
        String specimen = qrd.text(8).strip();
        List<Order> orders = desk.ofSpecimen(specimen);
        Er7Writer first = accepted(question, "QCK", orders.isEmpty());
        if (orders.isEmpty()) {
            return first.framed();
        }
        Er7Writer second = accepted(question, "DSR", false);
        echo(second, qrd);
        question.first("QRF").ifPresent(qrf -> echo(second, qrf));
        Order.Patient whose = orders.get(0).patient();
        boolean isUrgent = orders.stream().anyMatch(order -> order.priority().equals("S"));
        for (int line = 1; line < LINE_TESTS; line++) {
            String[] text = switch (line) {
                case LINE_NUMBER -> new String[] {whose.number()};
                case LINE_NAME -> new String[] {whose.family(), whose.given()};
                case LINE_BIRTH -> new String[] {birth(whose)};
                case LINE_SEX -> new String[] {whose.sex()};
                case LINE_SPECIMEN -> new String[] {specimen};
                case LINE_URGENT -> new String[] {isUrgent ? "Y" : "N"};
                default -> new String[0];
            };
            second.segment("DSP")
                    .field(Integer.toString(line))
                    .field()
                    .field(text)
                    .skip(3);
        }
        int line = LINE_TESTS;
        for (Order order : orders) {
            for (String test : order.tests()) {
                second.segment("DSP")
                        .field(Integer.toString(line++))
                        .field()
                        .field(test, "", "", "")
                        .skip(3);
            }
        }
        second.segment("DSC").skip(2);
        return Bytes.of(joined(first.framed().toArray(), second.framed().toArray()));
    }

    private static Er7Writer accepted(Er7Message question, String type, boolean isNone) {
        String event = type.equals("QCK") ? "Q02" : "Q03";
        return answer(question, "AA", type, event)
                .field("Message accepted")
                .skip(2)
                .field("0")
                .skip(1)
                .segment("ERR")
                .field("0")
                .skip(1)
                .segment("QAK")
                .field("SR")
                .field(isNone ? "NF" : "OK")
                .skip(1);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Bytes found(Er7Message question, Er7Segment qpd, String event, OrderDesk desk) {
        List<Order> orders = desk.ofSpecimen(qpd.text(3).strip());
        Er7Writer answer = answer(question, "AA", "RSP", event, "RSP_" + event)
                .segment("QAK")
                .raw(qpd.raw(2))
                .field(orders.isEmpty() ? "NF" : "OK")
                .raw(qpd.raw(1));
        echo(answer, qpd);
        if (!orders.isEmpty()) {
            patient(answer, orders.get(0).patient());
        }
        int number = 0;
        for (Order order : orders) {
            answer.segment("ORC").field("NW").field(order.id());
            for (String test : order.tests()) {
                answer.segment("OBR")
                        .field(Integer.toString(++number))
                        .field(order.id())
                        .field()
                        .field(test);
                answer.segment("TQ1").skip(8).field(order.priority());
            }
            answer.segment("SPM").field("1").field(order.specimen());
        }
        return answer.framed();
    }

    private static void patient(Er7Writer answer, Order.Patient of) {
        answer.segment("PID")
                .field("1")
                .field()
                .field(of.number(), "", "", of.authority(), "MR")
                .field()
                .field(of.family(), of.given())
                .field()
                .field(of.birth().replace("-", ""))
                .field(of.sex());
    }

    private static String birth(Order.Patient of) {
        String digits = of.birth().replace("-", "");
        return digits.length() == 8 ? digits + "000000" : digits;
    }

    private static void echo(Er7Writer answer, Er7Segment segment) {
        answer.segment(segment.name());
        for (int field = 1; field <= segment.fields(); field++) {
            answer.raw(segment.raw(field));
        }
    }
}
