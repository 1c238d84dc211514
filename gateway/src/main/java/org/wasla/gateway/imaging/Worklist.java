package org.wasla.gateway.imaging;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.wasla.gateway.dicom.DataSet;
import org.wasla.gateway.dicom.DataSetDraft;
import org.wasla.gateway.dicom.Element;
import org.wasla.gateway.dicom.Tags;
import org.wasla.gateway.dicom.TextCharset;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.StepQuery;

/**
 * The modality worklist: orders as answers to the keys of a scanner (PS3.4 annex K.6.1). Each answer has the elements that
 * were asked for, empty where nothing is known, and the character set of its texts. Pure.
 */
final class Worklist {
    static final String SOP_CLASS = "1.2.840.10008.5.1.4.31";
    static final int ITEMS_MAX = 1_000;
    static final int ACCESSION = 0x0008_0050;
    static final int MODALITY = 0x0008_0060;
    static final int PHYSICIAN = 0x0008_0090;
    static final int NAME = 0x0010_0010;
    static final int PATIENT = 0x0010_0020;
    static final int ISSUER = 0x0010_0021;
    static final int BIRTH = 0x0010_0030;
    static final int SEX = 0x0010_0040;
    static final int STUDY = 0x0020_000d;
    static final int PROCEDURE_TEXT = 0x0032_1060;
    static final int STEPS = 0x0040_0100;
    static final int STATION = 0x0040_0001;
    static final int START_DAY = 0x0040_0002;
    static final int START_TIME = 0x0040_0003;
    static final int STEP_TEXT = 0x0040_0007;
    static final int STEP = 0x0040_0009;
    static final int PROCEDURE = 0x0040_1001;
    static final int PRIORITY = 0x0040_1003;
    private static final Map<String, String> PRIORITIES =
            Map.of("S", "STAT", "A", "HIGH", "R", "ROUTINE", "C", "HIGH", "P", "MEDIUM");
    private static final Set<String> SEXES = Set.of("M", "F", "O");
    private static final int DAY_CHARS = 10;

    private Worklist() {}

    /**
     * What matches.
     *
     * @param isAll false when there is more than is told
     */
    record Found(List<Bytes> items, boolean isAll) {
        Found {
            items = List.copyOf(items);
        }
    }

    /** @param charset that the caller's configuration asks for, "" where it says nothing */
    static Found find(DataSet keys, String charset, String transferSyntax, Surroundings.Scheduled scheduled) {
        String asked = keys.text(Tags.SPECIFIC_CHARACTER_SET);
        String wanted = !charset.isEmpty() ? charset : asked == null ? TextCharset.UTF_8 : asked;
        String study = key(keys, STUDY);
        String time = key(keys.item(STEPS), START_TIME).replace(":", "");
        List<Bytes> items = new ArrayList<>();
        for (Order order : scheduled.find(query(keys))) {
            Order.Step step = order.step();
            if (step == null || !isMeant(study, study(order)) || !isWithin(time, time(step.start()))) {
                continue;
            }
            if (items.size() == ITEMS_MAX) {
                return new Found(items, false);
            }
            items.add(answer(keys, order, step, wanted, transferSyntax));
        }
        return new Found(items, true);
    }

    /** @param key none or several UIDs */
    private static boolean isMeant(String key, String study) {
        return key.isEmpty() || List.of(key.split("\\\\", -1)).contains(study);
    }

    private static StepQuery query(DataSet keys) {
        DataSet step = keys.item(STEPS);
        return new StepQuery(
                key(step, MODALITY),
                key(step, STATION),
                key(step, START_DAY).replace(".", ""),
                key(keys, ACCESSION),
                key(keys, PATIENT),
                key(keys, NAME),
                key(keys, PROCEDURE),
                key(step, STEP));
    }

    private static String key(DataSet keys, int tag) {
        List<String> values = keys.texts(tag);
        return values.isEmpty() ? "" : String.join("\\", values);
    }

    /** A range as {@code 0800-1200}, open at either end; what is not known is no reason to hide a step. */
    private static boolean isWithin(String key, String time) {
        if (key.isEmpty() || key.equals("*") || time.isEmpty()) {
            return true;
        }
        int to = key.indexOf('-');
        String first = to < 0 ? key : key.substring(0, to);
        String last = to < 0 ? key : key.substring(to + 1);
        // Compared to the digit that is given: 1000 until 1000 is that minute.
        return time.compareTo(first) >= 0
                && (last.isEmpty()
                        || time.substring(0, Math.min(last.length(), time.length()))
                                        .compareTo(last)
                                <= 0);
    }

    private static Bytes answer(DataSet keys, Order order, Order.Step step, String wanted, String transferSyntax) {
        Map<Integer, String> values = values(order, step);
        Map<Integer, String> inner = stepValues(step);
        List<String> texts = new ArrayList<>(values.values());
        texts.addAll(inner.values());
        TextCharset charset = TextCharset.of(wanted, texts);
        DataSetDraft draft = new DataSetDraft(transferSyntax, charset);
        fill(draft, keys, values);
        if (keys.element(STEPS) != null) {
            DataSet asked = keys.item(STEPS);
            DataSetDraft item = draft.item();
            if (asked.elements().isEmpty()) {
                inner.forEach(item::text);
            } else {
                fill(item, asked, inner);
            }
            draft.sequence(STEPS, List.of(item));
        }
        if (!charset.term().isEmpty()) {
            draft.text(Tags.SPECIFIC_CHARACTER_SET, charset.term());
        }
        return draft.toBytes();
    }

    private static void fill(DataSetDraft draft, DataSet keys, Map<Integer, String> values) {
        for (Element key : keys.elements()) {
            String value = values.get(key.tag());
            if (value != null) {
                draft.text(key.tag(), value);
            } else if (key.tag() != Tags.SPECIFIC_CHARACTER_SET) {
                draft.empty(key);
            }
        }
    }

    private static Map<Integer, String> values(Order order, Order.Step step) {
        Order.Patient patient = order.patient();
        Map<Integer, String> values = new HashMap<>();
        values.put(ACCESSION, clean(step.accession()));
        values.put(PHYSICIAN, clean(step.physician()));
        values.put(NAME, clean(name(patient)));
        values.put(PATIENT, clean(patient.number()));
        values.put(ISSUER, clean(patient.authority()));
        values.put(BIRTH, patient.birth().length() == DAY_CHARS ? digits(patient.birth()) : "");
        values.put(SEX, SEXES.contains(patient.sex()) ? patient.sex() : "");
        values.put(STUDY, study(order));
        values.put(PROCEDURE_TEXT, clean(step.procedureText()));
        values.put(PROCEDURE, clean(step.procedure()));
        values.put(PRIORITY, PRIORITIES.getOrDefault(order.priority(), ""));
        return values;
    }

    private static Map<Integer, String> stepValues(Order.Step step) {
        Map<Integer, String> values = new HashMap<>();
        values.put(MODALITY, clean(step.modality()));
        values.put(STATION, clean(step.station()));
        values.put(
                START_DAY,
                step.start().length() < DAY_CHARS ? "" : digits(step.start().substring(0, DAY_CHARS)));
        values.put(START_TIME, time(step.start()));
        values.put(STEP_TEXT, clean(step.text()));
        values.put(STEP, clean(step.id()));
        return values;
    }

    private static String name(Order.Patient patient) {
        return (patient.family() + "^" + patient.given()).replaceAll("\\^+$", "");
    }

    private static String digits(String text) {
        return text.replaceAll("[^0-9]", "");
    }

    /** HHMM or HHMMSS, "" when none is scheduled. */
    private static String time(String start) {
        return start.length() > DAY_CHARS ? digits(start.substring(DAY_CHARS)) : "";
    }

    /** A backslash would make two values of one. */
    private static String clean(String text) {
        return text.replace('\\', '/').replaceAll("\\p{Cntrl}", " ").strip();
    }

    /** The study that the images are to be of: the order's, else always the same one for the same order. */
    static String study(Order order) {
        Order.Step step = order.step();
        if (step != null && !step.study().isEmpty()) {
            return step.study();
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(("study\0" + order.id()).getBytes(StandardCharsets.UTF_8));
            return "2.25." + new BigInteger(1, Arrays.copyOf(hash, 16));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
