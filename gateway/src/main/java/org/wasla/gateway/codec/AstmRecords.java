package org.wasla.gateway.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.wasla.gateway.codec.AstmDialect.Part;
import org.wasla.gateway.codec.AstmRecord.Delimiters;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Finding;
import org.wasla.gateway.message.Message.Item;

/**
 * Reads the records of E1394 (LIS02; lab.md 1.3). Each order with results becomes a message: header, patient and order as
 * single values under their places, then the results. A record belongs to the nearest one above it, whatever is missing
 * in between. M and S records (raw curves, images) are not read. Pure; one use.
 */
final class AstmRecords {
    /** The name of a value with a comment on patient or order. */
    private static final String NOTE = "note";

    private final AstmDialect dialect;
    private final List<Message> messages = new ArrayList<>();
    private final List<AstmQuery> queries = new ArrayList<>();
    private final List<Field> header = new ArrayList<>();
    private final List<Field> patient = new ArrayList<>();
    private final List<Field> order = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private char above = ' ';

    private AstmRecords(AstmDialect dialect) {
        this.dialect = dialect;
    }

    /**
     * What a transmission says.
     *
     * @param messages one for each order with results
     * @param queries what is asked
     */
    record Read(List<Message> messages, List<AstmQuery> queries) {
        Read {
            messages = List.copyOf(messages);
            queries = List.copyOf(queries);
        }
    }

    /** Never throws on what a device sent. */
    static Read read(Bytes text, AstmDialect dialect) {
        AstmRecords records = new AstmRecords(dialect);
        Delimiters marks = Delimiters.USUAL;
        for (String line : lines(decode(text, dialect))) {
            marks = line.startsWith("H") ? Delimiters.of(line) : marks;
            records.take(AstmRecord.of(line, marks));
        }
        records.endOrder();
        return new Read(records.messages, records.queries);
    }

    /** @return how many bytes of the text, from its beginning, are records up to a last L record; 0 when there is none */
    static int terminated(Bytes text) {
        int end = 0;
        int from = 0;
        for (int i = 0; i < text.size(); i++) {
            if (text.at(i) == '\r' || text.at(i) == '\n' || i == text.size() - 1) {
                end = text.at(from) == 'L' ? i + 1 : end;
                from = i + 1;
            }
        }
        return end;
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("[\r\n]")) {
            if (!line.isBlank()) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static String decode(Bytes text, AstmDialect dialect) {
        if (dialect.charset() != null) {
            return new String(text.toArray(), dialect.charset());
        }
        byte[] bytes = text.toArray();
        String utf8 = new String(bytes, StandardCharsets.UTF_8);
        return Arrays.equals(utf8.getBytes(StandardCharsets.UTF_8), bytes) ? utf8 : text.latin1();
    }

    private void take(AstmRecord read) {
        char type = read.type();
        switch (type) {
            case 'H' -> {
                endOrder();
                header.clear();
                patient.clear();
                order.clear();
                items(read, header);
            }
            case 'P' -> {
                endOrder();
                patient.clear();
                order.clear();
                items(read, patient);
            }
            case 'O' -> {
                endOrder();
                order.clear();
                items(read, order);
            }
            case 'R' -> findings.add(finding(read));
            case 'C' -> comment(read);
            case 'Q' -> query(read);
            case 'L' -> endOrder();
            default -> {
                // M, S, and what makers add: bound to the record above, and not read.
            }
        }
        above = type == 'C' || type == 'M' ? above : type;
    }

    private void items(AstmRecord read, List<Field> to) {
        char type = read.type();
        // Field 2 is the delimiters of a header, and a running number elsewhere.
        for (int field = 3; field <= read.size(); field++) {
            String whole = read.whole(field);
            if (whole.isBlank()) {
                continue;
            }
            String place = type + "." + field;
            to.add(new Item(place, whole.strip()));
            List<String> components = read.components(field);
            for (int i = 0; i < components.size() && components.size() > 1; i++) {
                if (!components.get(i).isEmpty()) {
                    to.add(new Item(place + "." + (i + 1), components.get(i)));
                }
            }
        }
    }

    private void endOrder() {
        if (findings.isEmpty()) {
            return;
        }
        List<Field> fields = new ArrayList<>(header);
        fields.addAll(patient);
        fields.addAll(order);
        fields.addAll(findings);
        messages.add(new Message("results", fields));
        findings.clear();
    }

    private Finding finding(AstmRecord read) {
        String code = "";
        for (int component : dialect.test()) {
            code = code.isEmpty() ? read.component(3, component) : code;
        }
        StringBuilder name = new StringBuilder(code);
        for (int component : dialect.under()) {
            String under = read.component(3, component);
            name.append(under.isEmpty() ? "" : "/" + under);
        }
        return new Finding(
                name.length() == 0 ? read.whole(3).strip() : name.toString(),
                "",
                dialect.title() == 0 ? "" : read.component(3, dialect.title()),
                part(read, Part.VALUE),
                part(read, Part.UNIT),
                part(read, Part.RANGE),
                part(read, Part.MARKS),
                part(read, Part.STATUS),
                part(read, Part.TIME),
                "",
                dialect.alias() == 0 ? "" : read.component(3, dialect.alias()),
                List.of());
    }

    private String part(AstmRecord read, Part part) {
        for (int field : dialect.fields(part)) {
            String text = read.whole(field).strip();
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private void comment(AstmRecord read) {
        String text = read.whole(4).strip();
        if (text.isEmpty()) {
            return;
        }
        if (above == 'R' && !findings.isEmpty()) {
            int last = findings.size() - 1;
            findings.set(last, commented(findings.get(last), text));
        } else {
            (above == 'O' ? order : above == 'P' ? patient : header).add(new Item(NOTE, text));
        }
    }

    private static Finding commented(Finding of, String comment) {
        List<String> comments = new ArrayList<>(of.comments());
        comments.add(comment);
        return new Finding(
                of.name(),
                of.system(),
                of.title(),
                of.text(),
                of.unit(),
                of.range(),
                of.marks(),
                of.status(),
                of.time(),
                of.method(),
                of.alias(),
                comments);
    }

    /** A question for several tubes is a question for each. */
    private void query(AstmRecord read) {
        for (String range : read.whole(3).split("~")) {
            queries.add(new AstmQuery(range, read.whole(5).strip()));
        }
    }
}
