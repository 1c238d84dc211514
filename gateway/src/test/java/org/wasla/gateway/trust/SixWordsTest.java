package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two people compare them over a bad line. */
class SixWordsTest {
    /** A misheard letter must not make another word: the two would think that all is well. */
    @Test
    void ofTwoWordsAtLeastTwoLettersDiffer() {
        Set<String> all = new HashSet<>();
        for (int bits = 0; bits < 2_048; bits++) {
            assertTrue(all.add(SixWords.word(bits)));
        }
        for (String word : all) {
            for (int at = 0; at < word.length(); at++) {
                for (char other : "abdfiklmoruz".toCharArray()) {
                    String heard = word.substring(0, at) + other + word.substring(at + 1);
                    assertTrue(heard.equals(word) || !all.contains(heard), word + " " + heard);
                }
            }
        }
    }

    /** Both sides compute them, and so may another program: they do not change. */
    @Test
    void aKeyHasTheSameWordsForEver() throws Exception {
        String spki = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n"
                + "60p8D54WK84zV2sxXs7LtkBoN79R9Q==";
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(spki)));
        assertEquals("fulula lofofa muruda buduza lidazi lofaba", SixWords.of(key));
        assertEquals(6, SixWords.of(CertificateRequest.freshKey().getPublic()).split(" ").length);
    }

    @Test
    void theyMayBeTypedInAnyWay() {
        assertEquals("bababa dodido", SixWords.tidy(" Bababa,\tDODIDO "));
        assertEquals("", SixWords.tidy(" "));
    }
}
