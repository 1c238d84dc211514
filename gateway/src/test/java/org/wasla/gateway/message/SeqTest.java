package org.wasla.gateway.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.frame.NumberForm;
import org.wasla.gateway.frame.Piece.Fault;
import org.wasla.gateway.frame.SizeField;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.MessageSpec.Fit;
import org.wasla.gateway.message.MessageSpec.Outcome;
import org.wasla.gateway.message.SeqField.Bits;
import org.wasla.gateway.message.SeqField.Join;

/** A number that is read in the wrong place or form is a wrong value at a bedside; one that is none must not become 0. */
class SeqTest {
    private static final Fit FIRST_IS_1 = new Fit(List.of(new When(0, 255, 1)), 0, 99);

    private static SeqField field(String id, SeqForm form, int at, int size) {
        List<Bits> bits = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            bits.add(new Bits(at + i, 255));
        }
        return new SeqField(id, bits, form, Repeat.ONCE, Join.NONE);
    }

    private static SizeField u1(int at, int add) {
        return new SizeField(at, new NumberForm(NumberForm.Kind.BE, 1), add);
    }

    private static MessageSpec spec(Fit fit, Seq... seq) {
        return new MessageSpec(
                "m", null, List.of(), List.of(), List.of(), List.of(seq), List.of(), null, null, Letters.ASCII, fit);
    }

    private static String read(SeqForm form, String hex) {
        Bytes frame = Bytes.hex(hex);
        List<Field> fields = new ArrayList<>();
        field("x", form, 0, frame.size()).read(frame, 0, frame.size(), "", fields);
        return ((Item) fields.get(0)).text();
    }

    private static List<Field> fields(MessageSpec spec, String hex) {
        return ((Outcome.Parsed) spec.parse(Bytes.hex(hex))).messages().get(0).fields();
    }

    private static Fault fault(MessageSpec spec, String hex) {
        return ((Outcome.Damaged) spec.parse(Bytes.hex(hex))).fault();
    }

    @Test
    void wholeNumbersKnowTheirSign() {
        assertEquals("255", read(SeqForm.UNSIGNED, "ff"));
        assertEquals("-1", read(SeqForm.SIGNED, "ff"));
        assertEquals("-32767", read(SeqForm.SIGNED, "8001"));
        assertEquals("32767", read(SeqForm.SIGNED, "7fff"));
        assertEquals("-2147483648", read(SeqForm.SIGNED, "80000000"));
        assertEquals("4294967295", read(SeqForm.UNSIGNED, "ffffffff"));
    }

    /** IEEE 11073-20601, FLOAT and SFLOAT: the digits are those of the mantissa, and five values are no numbers. */
    @Test
    void medicalFloatsKeepTheirDigitsAndAreNoNumberWhereTheySaySo() {
        assertEquals("36.80", read(SeqForm.FLOAT, "fe000e60"));
        assertEquals("-40.96", read(SeqForm.FLOAT, "fefff000"));
        assertEquals("12000", read(SeqForm.FLOAT, "0300000c"));
        assertEquals("NaN", read(SeqForm.FLOAT, "007fffff"));
        assertEquals("NRes", read(SeqForm.FLOAT, "00800000"));
        assertEquals("NRes", read(SeqForm.FLOAT, "00800001"));
        assertEquals("+INF", read(SeqForm.FLOAT, "007ffffe"));
        assertEquals("-INF", read(SeqForm.FLOAT, "00800002"));
        assertEquals("NaN", read(SeqForm.FLOAT, "fe7fffff"));
        assertEquals("37.2", read(SeqForm.SFLOAT, "f174"));
        assertEquals("-5", read(SeqForm.SFLOAT, "0ffb"));
        assertEquals("NaN", read(SeqForm.SFLOAT, "07ff"));
        assertEquals("NRes", read(SeqForm.SFLOAT, "0800"));
        assertEquals("+INF", read(SeqForm.SFLOAT, "07fe"));
        assertEquals("-INF", read(SeqForm.SFLOAT, "0802"));
    }

    @Test
    void textsEndAtTheirFillingAndHexCannotBeTakenForANumber() {
        assertEquals("20260616", read(SeqForm.BCD, "20260616"));
        assertEquals("2A", read(SeqForm.BCD, "2a"));
        assertEquals("0x12", read(SeqForm.HEX, "12"));
        assertEquals("A B", read(SeqForm.STR, "41204220 00 4343"));
        assertEquals("", read(SeqForm.STR, "0000"));
    }

    @Test
    void whatASimulatorWritesIsReadBack() {
        Map<SeqForm, String> texts = Map.of(
                SeqForm.UNSIGNED, "4000000000",
                SeqForm.SIGNED, "-32767",
                SeqForm.FLOAT, "-36.80",
                SeqForm.BCD, "20260616",
                SeqForm.HEX, "0x00ff10aa",
                SeqForm.STR, "ab c");
        texts.forEach((form, text) -> {
            byte[] frame = new byte[4];
            field("x", form, 0, 4).write(frame, 0, "", values(Map.of("x", text), 1));
            assertEquals(text, read(form, Bytes.of(frame).toString()), form.toString());
        });
    }

    private static Seq.Values values(Map<String, String> texts, int count) {
        return new Seq.Values() {
            @Override
            public boolean has(String name) {
                return texts.containsKey(name);
            }

            @Override
            public String of(String name, int occurrence, int count) {
                return texts.getOrDefault(name, "");
            }

            @Override
            public int count() {
                return count;
            }
        };
    }

    @Test
    void aMessageIsKnownByBitsAndByLength() {
        MessageSpec spec = spec(new Fit(List.of(new When(0, 0xf0, 0x10)), 2, 3), field("x", SeqForm.UNSIGNED, 1, 1));
        assertEquals(List.of(new Item("x", "7")), fields(spec, "1507"));
        for (String other : List.of("2507", "15", "15070809", "")) {
            assertInstanceOf(Outcome.NotThis.class, spec.parse(Bytes.hex(other)), other);
        }
    }

    @Test
    void countedSamplesThatRunOutOfTheFrameAreACountFault() {
        SeqField samples = new SeqField(
                "wave",
                List.of(new Bits(3, 255), new Bits(2, 255)),
                SeqForm.SIGNED,
                new Repeat(Repeat.EOS, 2, u1(1, 0)),
                Join.SAMPLES);
        MessageSpec spec = spec(FIRST_IS_1, samples);
        assertEquals(List.of(new Samples("wave", List.of(-1, 2))), fields(spec, "01 02 ffff 0200 ee"));
        assertEquals(Fault.COUNT, fault(spec, "01 03 ffff 0200 ee"));
        assertEquals(Fault.COUNT, fault(spec, "01"));
        assertEquals(List.of(new Samples("wave", List.of())), fields(spec, "01 00"));
    }

    private static SeqGroup blocks(Repeat repeat, int to) {
        return new SeqGroup(
                2,
                repeat,
                to,
                null,
                List.of(),
                new SeqGroup.Key(u1(0, 0), Map.of(7L, "spo2")),
                null,
                List.of(field("value", SeqForm.UNSIGNED, 1, 1)));
    }

    @Test
    void recordsAreNamedByTheirKeyAndFillTheFrame() {
        MessageSpec counted = spec(FIRST_IS_1, blocks(new Repeat(Repeat.EOS, 2, u1(1, 0)), -1));
        List<Field> both = List.of(new Item("spo2.value", "97"), new Item("9.value", "5"));
        assertEquals(both, fields(counted, "01 02 0761 0905 ff"));
        assertEquals(Fault.COUNT, fault(counted, "01 01 0761 0905 ff"));
        assertEquals(Fault.COUNT, fault(counted, "01 03 0761 0905 ff"));
        assertEquals(Fault.COUNT, fault(counted, "01 02 0761 09 ff"));
        MessageSpec open = spec(FIRST_IS_1, blocks(new Repeat(Repeat.EOS, 2, null), 0));
        assertEquals(both, fields(open, "01 00 0761 0905"));
        assertEquals(Fault.COUNT, fault(open, "01 00 0761 09"));
        assertEquals(Fault.FORMAT, fault(open, "01 00 0761 0762"));
    }

    private static final SeqGroup TABLE = new SeqGroup(
            1,
            new Repeat(2, 2, null),
            -1,
            new When(1, 255, 0xff),
            List.of(new When(1, 255, 1)),
            null,
            new SeqGroup.Body(u1(0, 5), List.of(new When(1, 255, 0))),
            List.of(field("x", SeqForm.UNSIGNED, 0, 1)));

    /** A table of offset and type; the body tells its class in its second byte. */
    @Test
    void aTableSaysWhereBodiesStand() {
        MessageSpec spec = spec(FIRST_IS_1, TABLE);
        assertEquals(List.of(new Item("x", "42")), fields(spec, "01 0001 00ff 2a00 ee"));
        assertEquals(List.of(), fields(spec, "01 0002 00ff 2a00 ee"), "another type");
        assertEquals(List.of(), fields(spec, "01 0001 00ff 2a01 ee"), "another class");
        assertEquals(List.of(), fields(spec, "01 00ff 0001 2a00 ee"), "the table is over");
        assertEquals(List.of(new Item("x", "43")), fields(spec, "01 0002 0201 2a00 2b00 ee"));
        assertEquals(Fault.COUNT, fault(spec, "01 0101 00ff 2a00 ee"), "the class lies behind the end");
        assertEquals(Fault.COUNT, fault(spec, "01 f001 00ff 2a00 ee"));
        assertEquals(Fault.COUNT, fault(spec, "01 0001 00"));
    }

    @Test
    void aSimulatedTableIsReadBack() {
        byte[] frame = new byte[8];
        frame[0] = 1;
        TABLE.write(frame, 0, "", values(Map.of("x", "42"), 0));
        assertEquals(
                List.of(new Item("x", "42")),
                fields(spec(FIRST_IS_1, TABLE), Bytes.of(frame).toString()));
        byte[] counted = new byte[7];
        counted[0] = 1;
        SeqGroup blocks = blocks(new Repeat(Repeat.EOS, 2, u1(1, 0)), -3);
        blocks.write(counted, 0, "", values(Map.of("spo2.value", "97"), 0));
        assertEquals(
                List.of(new Item("spo2.value", "97")),
                fields(spec(FIRST_IS_1, blocks), Bytes.of(counted).toString()));
    }
}
