package org.wasla.gateway.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Field;
import org.wasla.gateway.message.Message.Finding;
import org.wasla.gateway.message.Message.Item;

/** Records as analysers write them, not only as the standard has them (lab.md 1.3 and 1.4). */
class AstmRecordsTest {
    private static AstmRecords.Read read(AstmDialect dialect, String... records) {
        return AstmRecords.read(Bytes.of(String.join("\r", records).getBytes(StandardCharsets.UTF_8)), dialect);
    }

    private static List<String> told(String... records) {
        return told(AstmDialect.STANDARD, records);
    }

    private static List<String> told(AstmDialect dialect, String... records) {
        List<String> told = new ArrayList<>();
        for (Message message : read(dialect, records).messages()) {
            List<String> fields = new ArrayList<>();
            for (Field field : message.fields()) {
                fields.add(
                        field instanceof Finding of
                                ? of.name() + "=" + of.text() + of.unit() + of.comments()
                                : field.name() + "=" + ((Item) field).text());
            }
            told.add(String.join(" ", fields));
        }
        return told;
    }

    @Test
    void aResultBelongsToTheOrderAndPatientAboveIt() {
        assertEquals(
                List.of("H.12=P P.3=A O.3=S1 X=1u[]", "H.12=P P.3=A O.3=S2 X=2[]", "H.12=P P.3=B O.3=S3 X=3[]"),
                told(
                        "H|\\^&||||||||||P",
                        "P|1|A",
                        "O|1|S1",
                        "R|1|^^^X|1|u",
                        "O|2|S2",
                        "R|1|^^^X|2",
                        "P|2|B",
                        "O|1|S3",
                        "R|1|^^^X|3",
                        "L|1|N"));
    }

    @Test
    void whatIsMissingInBetweenCostsNothing() {
        assertEquals(List.of("O.3=S1 X=1[]"), told("H|\\^&", "O|1|S1", "R|1|^^^X|1"));
        assertEquals(List.of("X=1[]"), told("R|1|^^^X|1", "L|1"));
        assertEquals(
                List.of("O.3=S1 X=1[]", "O.3=S2 X=2[]"),
                told("H|\\^&", "O|1|S1", "R|1|^^^X|1", "L|1", "H|\\^&", "O|1|S2", "R|1|^^^X|2", "L|1"));
    }

    @Test
    void theDelimitersAreThoseOfTheHeader() {
        assertEquals(List.of("O.3=a^b~c O.3.1=a O.3.2=b X=1^2[]"), told("H|@^\\", "O|1|a^b@c", "R|1|^^^X|1^2"));
        assertEquals(List.of("O.3=a^b O.3.1=a O.3.2=b X=1[]"), told("H!~$&", "O!1!a$b", "R!1!$$$X!1"));
    }

    @Test
    void escapesAreReadInTheirPlace() {
        assertEquals(List.of("O.3=a|b^c\\d&e X=&Z&1&[]"), told("H|\\^&", "O|1|a&F&b&S&c&R&d&E&e", "R|1|^^^X|&Z&1&"));
        assertEquals(List.of("X=\u00e91[]"), told("H|\\^&", "R|1|^^^X|&XE9&&H&1&N&"));
    }

    @Test
    void commentsBelongToTheRecordAboveThem() {
        assertEquals(
                List.of("P.3=A note=of P O.3=S note=of O X=1[a, b] Y=2[]"),
                told(
                        "H|\\^&",
                        "P|1|A",
                        "C|1|I|of P|G",
                        "O|1|S",
                        "C|1|I|of O|G",
                        "R|1|^^^X|1",
                        "C|1|I|a|G",
                        "M|1|raw",
                        "C|2|I|b|G",
                        "R|2|^^^Y|2"));
    }

    @Test
    void theCodeOfATestStandsWhereTheDialectSays() {
        Map<AstmDialect.Part, List<Integer>> shifted = Map.of(AstmDialect.Part.UNIT, List.of(6, 5));
        AstmDialect xp = new AstmDialect(null, List.of(4, 5), List.of(7, 8), 6, 0, shifted);
        assertEquals(
                List.of("WBC=1x10[]", "MTB/A/Ct=2[]"),
                told(xp, "H|\\^&", "R|1|^^^^WBC^1|1|no|x10", "L|1", "H|\\^&", "R|1|^^^MTB^^^A^Ct|2"));
    }

    @Test
    void lineFeedsAndBlanksAreNoRecords() {
        assertEquals(List.of("O.3=S X=1[]"), told("H|\\^&", "\nO|1|S", "\n", "  ", "\nR|1|^^^X|1\n"));
    }

    @Test
    void textsAreUtf8OrLatin1() {
        byte[] latin = "H|\\^&\rO|1|caf\u00e9\rR|1|^^^X|1\r".getBytes(StandardCharsets.ISO_8859_1);
        Message message = AstmRecords.read(Bytes.of(latin), AstmDialect.STANDARD)
                .messages()
                .get(0);
        assertEquals("caf\u00e9", message.text("O.3"));
        assertEquals(List.of("O.3=caf\u00e9 X=1[]"), told("H|\\^&", "O|1|caf\u00e9", "R|1|^^^X|1"));
    }

    @Test
    void aQuestionNamesItsSpecimen() {
        AstmRecords.Read read = read(AstmDialect.STANDARD, "H|\\^&", "Q|1|^^  S77  ^1^5||ALL||||||||O", "L|1|N");
        assertEquals(List.of(new AstmQuery("^^  S77  ^1^5", "ALL")), read.queries());
        assertEquals(List.of(), read.messages());
    }

    @Test
    void aTextIsTerminatedByItsLastLRecord() {
        assertEquals(0, AstmRecords.terminated(Bytes.latin1("H|\rR|1\r")));
        assertEquals(8, AstmRecords.terminated(Bytes.latin1("H|\rL|1|N\rR|L\r")) - 1);
        assertEquals(6, AstmRecords.terminated(Bytes.latin1("H|\rL|1")));
    }
}
