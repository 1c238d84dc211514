package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message.Alarm;
import org.wasla.gateway.message.Message.Alarms;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Item;

/** Records of the answers (bedside.md 2.3): whole or nothing. */
class MedibusRecordsTest {
    private static Optional<List<Field>> read(MedibusQuestion question, String data) {
        return MedibusRecords.read(question, data, Line.SPEC);
    }

    private static String text(MedibusQuestion question, String data) {
        return ((Item) read(question, data).orElseThrow().get(0)).text();
    }

    private static String time(String data) {
        StringBuilder text = new StringBuilder();
        read(MedibusQuestion.TIME, data)
                .orElseThrow()
                .forEach(field -> text.append(field.name())
                        .append(' ')
                        .append(((Item) field).text())
                        .append(' '));
        return text.toString().strip();
    }

    @Test
    void valuesKeepTheirDigitsAndLoseTheBlanks() {
        assertEquals(
                Optional.of(List.of(new Item("cp1.EB", "98"), new Item("cp1.E1", "70"))),
                read(MedibusQuestion.DATA, "EB 98 E1 70 "));
        assertEquals("-80", text(MedibusQuestion.DATA, "8D- 80"));
        assertEquals("-80", text(MedibusQuestion.SETTINGS, "01-  80"));
        assertEquals("5.00", text(MedibusQuestion.DATA_2, "215.00"));
        assertEquals("", text(MedibusQuestion.LOW_LIMITS, "B9    "));
        assertEquals("OFF", text(MedibusQuestion.HIGH_LIMITS_2, "B9OFF "));
        assertEquals("- -", text(MedibusQuestion.DATA, "B9- - "));
    }

    @Test
    void whatIsNotWholeGivesNothing() {
        for (String data : List.of("EB 98", "EB 98 E", "eb 98 ", "EG 98 ", "EB 9\u0003 ", "EB 98 EB 97 ")) {
            assertEquals(Optional.empty(), read(MedibusQuestion.DATA, data), data);
        }
        for (String data : List.of("019VC-CMV\3", "016VC-CMV", "01", "01\57x\3", "016VC-CM\2\3", "011A\0031A1B\3 ")) {
            assertEquals(Optional.empty(), read(MedibusQuestion.TEXTS, data), data);
        }
        for (String data : List.of("L19MV LOW     ", "L1gMV LOW      ", "019MV LOW      ", "P19MV LOW      ")) {
            assertEquals(Optional.empty(), read(MedibusQuestion.ALARMS, data), data);
        }
        assertEquals(Optional.of(List.of()), read(MedibusQuestion.DATA, ""));
    }

    @Test
    void textsHaveTheLengthThatTheySay() {
        assertEquals(
                Optional.of(List.of(
                        new Item("txt.01", "VC-CMV"), new Item("txt.1A", ""), new Item("txt.1B", "0123456789AB"))),
                read(MedibusQuestion.TEXTS, "016VC-CMV\0031A0\0031B<0123456789AB\3"));
    }

    /** 1 to 10 advisory, 11 to 24 caution, 25 to 31 warning. */
    @Test
    void alarmsAreACompleteListWithThreePriorities() {
        StringBuilder data = new StringBuilder();
        for (int priority : new int[] {1, 10, 11, 24, 25, 31}) {
            data.append((char) ('0' + priority))
                    .append(priority == 24 ? "42" : "19")
                    .append("MV LOW      ");
        }
        Alarms alarms = (Alarms)
                read(MedibusQuestion.ALARMS, data.toString()).orElseThrow().get(0);
        assertEquals("cp1", alarms.name());
        assertEquals(true, alarms.complete());
        assertEquals(
                List.of("low", "low", "medium", "medium", "high", "high"),
                alarms.alarms().stream().map(Alarm::priority).toList());
        assertEquals(
                new Alarm("42", "MV LOW", "tech", "medium", "active", null),
                alarms.alarms().get(3));
        assertEquals(
                new Alarm("19", "MV LOW", "phys", "high", "active", null),
                alarms.alarms().get(5));
        assertEquals(Optional.of(List.of(new Alarms("cp3", List.of(), true))), read(MedibusQuestion.ALARMS_3, ""));
    }

    /** All ways of writing that were seen; all the same moment. */
    @Test
    void datesAreReadInAllVariants() {
        for (String data : List.of(" 9:33:00 7-OKT-14", "09:33:00 07-OKT-14", "09:33:0007-OCT-14")) {
            assertEquals("date 2014-10-07 time 09:33:00", time(data), data);
        }
        for (String data : List.of(" 9:33 7-OCT-14", " 9:33 07-OCT-14", "09:33 7-OKT-14", "09:3307-OCT-14")) {
            assertEquals("date 2014-10-07 time 09:33", time(data), data);
        }
        assertEquals("date 1993-11-11 time 11:11:19", time("11:11:1911-NOV-93"));
        assertEquals("date 2026-05-01 time 00:00:00", time("00:00:0001-MAI-26"));
        assertEquals("date 2026-12-31 time 23:59:59", time("23:59:5931-DEZ-26"));
        assertEquals("time 9:33 7-ABC-14", time(" 9:33 7-ABC-14"));
        assertEquals("", time(" "));
    }

    @Test
    void theIdentityNamesTheModelThatTheProfileKnows() {
        assertEquals(
                List.of(
                        new Item("id", "8240"),
                        new Item("model", "Evita 4"),
                        new Item("name", "Evita 4"),
                        new Item("software", "04.03"),
                        new Item("medibus", "04.00")),
                MedibusRecords.identity("8240'Evita 4'04.03:04.00", Line.SPEC));
        assertEquals(
                new Item("name", "My PC"),
                MedibusRecords.identity("0161'My PC'01.00:03.00", Line.SPEC).get(1));
        assertEquals(List.of(new Item("id", "other")), MedibusRecords.identity("other", Line.SPEC));
        assertEquals(List.of(), MedibusRecords.identity("", Line.SPEC));
    }
}
