package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
