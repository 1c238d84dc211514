package org.wasla.gateway.codec;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.AstmRecord.Delimiters;
import org.wasla.gateway.orders.Order;

/** Writes orders as the records of E1394 (LIS02; lab.md 1.2, 1.3), apart by the delimiters of their header. Pure; stateless. */
final class AstmOrders {
    private static final int NUMBER_LAST = 5;

    private final AstmSpec.Answer how;
    private final String header;
    private final Delimiters marks;
    private final List<String> records = new ArrayList<>();

    private AstmOrders(AstmSpec.Answer how, String header) {
        this.how = how;
        this.header = header;
        this.marks = Delimiters.of(header);
    }

    /** The message that answers a question: with what is ordered, or with nothing. */
    static List<String> answer(AstmSpec.Answer how, AstmQuery query, List<Order> orders) {
        AstmOrders message = new AstmOrders(how, how.header());
        List<Order> asked =
                orders.stream().filter(order -> !tests(order, query).isEmpty()).toList();
        message.records.add(message.header);
        message.patients(asked, query);
        if (asked.isEmpty() && how.tellsNone()) {
            message.none(query);
        }
        message.records.add(message.record("L", "1", asked.isEmpty() ? "I" : "N"));
        return message.records;
    }

    /** The message with an order that nobody asked for. */
    static List<String> download(AstmSpec.Answer how, Order order) {
        AstmOrders message = new AstmOrders(how, how.download());
        message.records.add(message.header);
        message.patients(List.of(order), null);
        message.records.add(message.record("L", "1", "N"));
        return message.records;
    }

    /** What the character set cannot say is a question mark. */
    static byte[] bytes(List<String> records, @Nullable Charset charset) {
        StringBuilder all = new StringBuilder();
        records.forEach(record -> all.append(record).append('\r'));
        return all.toString().getBytes(charset == null ? StandardCharsets.ISO_8859_1 : charset);
    }

    private static List<String> tests(Order order, @Nullable AstmQuery query) {
        if (query == null || query.isForAll()) {
            return order.tests();
        }
        return order.tests().stream()
                .filter(test -> query.codes().contains(test))
                .toList();
    }

    /** All orders of one patient stand below one P record; numbers start again below each. */
    private void patients(List<Order> orders, @Nullable AstmQuery query) {
        List<Order> rest = new ArrayList<>(orders);
        int patients = 0;
        while (!rest.isEmpty()) {
            Order.Patient whose = rest.get(0).patient();
            patient(++patients, whose);
            int number = 0;
            for (Order order : List.copyOf(rest)) {
                if (order.patient().equals(whose)) {
                    order(++number, order, query);
                    rest.remove(order);
                }
            }
        }
    }

    private void patient(int number, Order.Patient of) {
        List<String> fields = new ArrayList<>(List.of("P", Integer.toString(number)));
        for (int field = 3; field <= NUMBER_LAST; field++) {
            fields.add(field == how.number() ? escaped(of.number()) : "");
        }
        boolean isNamed = !of.family().isEmpty() || !of.given().isEmpty();
        fields.add(isNamed ? escaped(of.family()) + marks.component() + escaped(of.given()) : "");
        fields.add("");
        fields.add(of.birth().replace("-", ""));
        fields.add(of.sex());
        records.add(record(fields));
    }

    private void order(int number, Order order, @Nullable AstmQuery query) {
        StringBuilder tests = new StringBuilder();
        for (String test : tests(order, query)) {
            tests.append(tests.length() == 0 ? "" : marks.repeat());
            tests.append(String.valueOf(marks.component()).repeat(3)).append(escaped(test));
        }
        records.add(
                order(number, order.specimen(), query, tests.toString(), order.priority(), query == null ? "O" : "Q"));
    }

    /** Y: no order of this tube is on record. */
    private void none(AstmQuery query) {
        patient(1, Order.Patient.NONE);
        records.add(order(1, query.specimen(how.specimen()), query, "", "", "Y"));
    }

    private String order(
            int number, String specimen, @Nullable AstmQuery query, String tests, String priority, String report) {
        String[] fields = new String[26];
        Arrays.fill(fields, "");
        fields[0] = "O";
        fields[1] = Integer.toString(number);
        fields[2] = escaped(specimen);
        fields[3] = query == null ? "" : position(query);
        fields[4] = tests;
        fields[5] = priority;
        fields[11] = tests.isEmpty() ? "" : how.action();
        fields[25] = report;
        return record(fields);
    }

    /** Where the tube stands is the instrument's to say: what follows the number in its question is given back. */
    private String position(AstmQuery query) {
        List<String> components = new ArrayList<>();
        for (String component : query.behind(how.specimen())) {
            components.add(escaped(component));
        }
        return String.join(String.valueOf(marks.component()), components);
    }

    private String record(String... fields) {
        return record(List.of(fields));
    }

    /** Empty fields at the end are left out. */
    private String record(List<String> fields) {
        String record = String.join(String.valueOf(marks.field()), fields);
        int end = record.length();
        while (record.charAt(end - 1) == marks.field()) {
            end--;
        }
        return record.substring(0, end);
    }

    private String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char code = c == marks.field()
                    ? 'F'
                    : c == marks.component() ? 'S' : c == marks.repeat() ? 'R' : c == marks.escape() ? 'E' : ' ';
            if (code != ' ') {
                out.append(marks.escape()).append(code).append(marks.escape());
            } else {
                out.append(c < ' ' || c == 0x7f ? ' ' : c);
            }
        }
        return out.toString();
    }
}
