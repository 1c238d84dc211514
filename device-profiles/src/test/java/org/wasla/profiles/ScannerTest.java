package org.wasla.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.profile.Profile;

/** A wristband may hold any number or name: nothing of a code that is not surely a thing or a place leaves the box. */
class ScannerTest {
    private static final String CHARACTERS = "0123456789ABCXYZabcxyz-/^;:. ";
    private static final List<String> IDENTIFIERS =
            List.of("", "]A0", "]C0", "]C1", "]E4", "]L0", "]Q1", "]d1", "]d2", "+", "=");

    private static String published(Profile profile, String code) {
        byte[] bytes = (code + "\r").getBytes(StandardCharsets.ISO_8859_1);
        return String.join("", Run.bytes(profile, bytes, bytes.length).messages());
    }

    @Test
    void nothingOfACodeOfAnyOtherFormIsPublished() throws IOException {
        Profile profile = Shelf.profile("barcode-scanner");
        String other = published(profile, "4711-0815");
        for (int seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            StringBuilder code = new StringBuilder(IDENTIFIERS.get(random.nextInt(IDENTIFIERS.size())));
            // Digits other than 0, 4 and 8 at the front: no application identifier that the profile knows.
            code.append("1235679".charAt(random.nextInt(7)));
            for (int i = 0; i < 3 + random.nextInt(20); i++) {
                code.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
            assertEquals(other, published(profile, code.toString()), "seed " + seed + ": " + code);
        }
    }

    @Test
    void aPatientsCodeIsToldAsOneAndNotWhichOne() throws IOException {
        Profile profile = Shelf.profile("barcode-scanner");
        for (String code : List.of(
                "]C18018340000000000000017",
                "]d28018340000000000000017\u001d80190001",
                "]d2010340093000012021X\u001d8018340000000000000017",
                "wasla:patient:340000000000000017;")) {
            String told = published(profile, code);
            assertEquals("\"s\":\"patient\"", told.replaceAll(".*(\"s\":\"[a-z]*\").*", "$1"), code);
            assertFalse(told.contains("3400"), code);
        }
    }
}
