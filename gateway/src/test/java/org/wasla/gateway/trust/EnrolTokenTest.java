package org.wasla.gateway.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;

/** An installer types it under a bed, or a camera reads half of it: what is wrong must be told, never tried. */
class EnrolTokenTest {
    private static final EnrolToken TOKEN = new EnrolToken(
            "gw-7f3a9c21",
            "chu-ibnrochd",
            URI.create("https://enrol.example:8443"),
            EnrolToken.freshSecret(),
            "0123456789abcdef".repeat(4),
            1_781_596_804L);

    @Test
    void whatIsWrittenIsRead() throws Exception {
        String text = TOKEN.text();
        assertEquals(TOKEN, EnrolToken.read(text));
        assertTrue(text.length() < 180 && text.lines().count() == 1, text);
        assertEquals(26, TOKEN.secret().length());
        assertFalse(TOKEN.secret().equals(EnrolToken.freshSecret()));
    }

    @Test
    void caseBlanksAndLineBreaksDoNotMatter() throws Exception {
        String typed = TOKEN.text().toUpperCase(java.util.Locale.ROOT).replaceAll("(.{40})", "$1 \r\n");
        assertEquals(TOKEN, EnrolToken.read(typed));
    }

    /** Letters that look like digits are read as these, in what is coded. */
    @Test
    void aZeroMayBeTypedAsO() throws Exception {
        String[] fields = TOKEN.text().split(",");
        fields[4] = fields[4].replace('0', 'o').replace('1', 'l');
        fields[5] = fields[5].replace('0', 'O').replace('1', 'I');
        assertEquals(TOKEN, EnrolToken.read(String.join(",", fields)));
    }

    @Test
    void everyWrongCharacterIsTold() {
        String text = TOKEN.text();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == '7' ? '8' : '7';
            String wrong = text.substring(0, i) + other + text.substring(i + 1);
            TokenException told = assertThrows(TokenException.class, () -> EnrolToken.read(wrong), wrong);
            assertTrue(String.valueOf(told.getMessage()).contains("; type or scan it again"), told.getMessage());
        }
    }

    @Test
    void everyCutIsTold() {
        String text = TOKEN.text();
        for (int i = 0; i < text.length(); i++) {
            String cut = text.substring(0, i);
            assertThrows(TokenException.class, () -> EnrolToken.read(cut), cut);
        }
        assertThrows(TokenException.class, () -> EnrolToken.read(text + "0"));
        assertThrows(TokenException.class, () -> EnrolToken.read("https://enrol.example"));
    }

    /** It goes into logs sooner or later. */
    @Test
    void theSecretIsNotShown() {
        assertFalse(TOKEN.toString().contains(TOKEN.secret()), TOKEN.toString());
    }

    @Test
    void anEndpointIsHttpsAndNoMore() {
        assertTrue(EnrolToken.isEndpoint(URI.create("https://enrol.example:8443")));
        assertTrue(EnrolToken.isEndpoint(URI.create("https://[::1]:8443")));
        assertFalse(EnrolToken.isEndpoint(URI.create("http://enrol.example:8443")));
        assertFalse(EnrolToken.isEndpoint(URI.create("https://enrol.example/est")));
        assertFalse(EnrolToken.isEndpoint(URI.create("https://a@enrol.example")));
        assertFalse(EnrolToken.isEndpoint(URI.create("https:enrol")));
    }
}
