package org.wasla.gateway.dicom;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A name that a scanner shows wrongly is another patient's: what is written must be read as it was said. */
class TextCharsetTest {
    private static final int NAME = 0x0010_0010;
    private static final int TEXT = 0x0032_1060;

    private static String readBack(String wanted, String syntax, String name, String text) throws IOException {
        TextCharset charset = TextCharset.of(wanted, List.of(name, text));
        DataSetDraft item = new DataSetDraft(syntax, charset).text(TEXT, text);
        byte[] bytes = new DataSetDraft(syntax, charset)
                .text(Tags.SPECIFIC_CHARACTER_SET, charset.term())
                .text(NAME, name)
                .sequence(0x0040_0100, List.of(item))
                .toBytes()
                .toArray();
        DataSetFile.Reading read = DataSetFile.read(new ByteArrayInputStream(bytes), bytes.length, syntax, "");
        assertEquals(List.of(), read.oddities(), wanted + " " + charset.term());
        return charset.term() + " " + read.data().text(NAME) + " "
                + read.data().item(0x0040_0100).text(TEXT);
    }

    @Test
    void theWantedSetIsTakenWhereItHasAllLetters() throws IOException {
        for (String syntax : List.of(Uids.EXPLICIT_LITTLE, Uids.IMPLICIT_LITTLE)) {
            assertEquals("ISO_IR 100 Éa^Bé Tête", readBack("ISO_IR 100", syntax, "Éa^Bé", "Tête"));
            assertEquals("ISO_IR 127 سليم abc", readBack("ISO_IR 127", syntax, "سليم", "abc"));
            assertEquals("ISO_IR 192 Éa 漢字", readBack("ISO_IR 192", syntax, "Éa", "漢字"));
            assertEquals("ISO_IR 192 Éa b", readBack("nonsense", syntax, "Éa", "b"));
            assertEquals(" Abc Def", readBack("", syntax, "Abc", "Def"));
        }
    }

    @Test
    void missingPagesAreCalledByEscapesAndTheRestIsUtf8() throws IOException {
        assertEquals(
                "ISO 2022 IR 100\\ISO 2022 IR 127 Éa^سليم^é نص é",
                readBack("ISO_IR 100", Uids.EXPLICIT_LITTLE, "Éa^سليم^é", "نص é"));
        assertEquals("\\ISO 2022 IR 100 Éa b", readBack("ISO_IR 6", Uids.EXPLICIT_LITTLE, "Éa", "b"));
        assertEquals("ISO_IR 192 Éa漢 b", readBack("ISO_IR 100", Uids.EXPLICIT_LITTLE, "Éa漢", "b"));
    }

    /** Any mixture of alphabets comes back as it was. */
    @Test
    void noMixtureIsReadAsAnother() throws IOException {
        String letters = "aZ é^œÀÿ=سقنЖяΩλőşЅ ש漢ก^";
        Random random = new Random(5);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder name = new StringBuilder("x");
            for (int i = random.nextInt(12); i > 0; i--) {
                name.append(letters.charAt(random.nextInt(letters.length())));
            }
            name.append('y');
            String wanted = List.of("ISO_IR 100", "ISO_IR 6", "ISO_IR 127", "ISO_IR 192", "ISO_IR 203")
                    .get(random.nextInt(5));
            String read = readBack(wanted, Uids.EXPLICIT_LITTLE, name.toString(), "t");
            assertEquals(name + " t", read.substring(read.length() - name.length() - 2), "round " + round + " " + read);
        }
    }
}
