package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class PayloadTest {

    private static String late(String json) {
        return new String(Payload.withLate(json.getBytes(StandardCharsets.UTF_8), 1234), StandardCharsets.UTF_8);
    }

    @Test
    void lateBecomesTheLastFieldOfTheObject() {
        assertEquals("{\"v\":1,\"late\":1234}", late("{\"v\":1}"));
        assertEquals("{\"o\":{\"a\":1},\"late\":1234}", late("{\"o\":{\"a\":1}}\n"));
        assertEquals("{\"late\":1234}", late("{}"));
    }

    @Test
    void whatIsNoObjectStaysAsItIs() {
        assertEquals("", late(""));
        assertEquals("[1]", late("[1]"));
        assertEquals("}", late("}"));
    }

    @Test
    void onlyWhatBecomesSmallerIsDeflated() throws Exception {
        assertEquals("identity", Payload.plain("{}").smallest(false).encoding());
        String text = "{\"a\":1}".repeat(100);
        Payload deflated = Payload.plain(text).smallest(false);
        assertEquals("deflate", deflated.encoding());
        assertTrue(deflated.bytes().length < 100);
        Inflater inflater = new Inflater();
        inflater.setInput(deflated.bytes());
        byte[] out = new byte[text.length()];
        assertEquals(text.length(), inflater.inflate(out));
        inflater.end();
        assertEquals(text, new String(out, StandardCharsets.UTF_8));
    }

    // Never larger than without, and never another value: what cannot be said in CBOR is said in JSON.
    @Test
    void aRecordIsJsonWhereCborIsNoBetter() {
        Payload cbor = Payload.cbor("{\"v\":36.80}".getBytes(StandardCharsets.UTF_8));
        assertTrue(cbor.isCbor());
        assertEquals("identity", cbor.encoding());
        for (String json :
                new String[] {"[0.1,0.2]", "{\"x\":[0.1,0.2,7.4,7.5,7.6,7.7,7.8]}", "{\"s\":\"\\ud800\"}", "{"}) {
            Payload payload = Payload.cbor(json.getBytes(StandardCharsets.UTF_8));
            assertFalse(payload.isCbor(), json);
            assertEquals(json, new String(payload.bytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void aMessageIsReadAsItSaysThatItIsWritten() throws Exception {
        byte[] json = "{\"v\":36.80,\"n\":\"temp\",\"r\":\"T1\"}".getBytes(StandardCharsets.UTF_8);
        for (boolean withDictionary : new boolean[] {false, true}) {
            Payload sent = Payload.cbor(json).smallest(withDictionary);
            assertArrayEquals(json, Payload.json(sent.bytes(), "application/vnd.wasla.obs+cbor", sent.encoding()));
        }
        assertArrayEquals(json, Payload.json(json, "application/vnd.wasla.obs+json", "identity"));
        assertArrayEquals(json, Payload.json(json, "", ""));
        assertThrows(IOException.class, () -> Payload.json(json, "application/vnd.wasla.obs+cbor", "identity"));
        assertThrows(IOException.class, () -> Payload.json(json, "application/vnd.wasla.obs+json", "deflate"));
    }
}
