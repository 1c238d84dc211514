package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;

class UplinkSettingsTest {

    @Test
    void serversHaveDefaultPortsAndKeepTheirPasswordToThemselves() {
        assertEquals(new Server("a:1883", false, null), Server.of(URI.create("mqtt://a")));
        assertEquals(new Server("a:8883", true, null), Server.of(URI.create("mqtts://a")));
        assertEquals("a:99", Server.of(URI.create("mqtt://u:p@a:99")).label());
    }

    @Test
    void otherSchemesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Server.of(URI.create("http://a")));
        assertThrows(IllegalArgumentException.class, () -> Server.of(URI.create("mqtt:a")));
    }

    /** No personal data and no wildcard in any level. */
    @Test
    void topicsHaveTheShapeOfTheContract() {
        Topics topics = new Topics("ma-06", "chu", "gw-1");
        assertEquals("wasla/1/ma-06/chu/gw-1/state", topics.state());
        assertEquals("wasla/1/ma-06/chu/gw-1/d/oxi-b07/obs", topics.device("oxi-b07", "obs"));
        for (String bad : new String[] {"", "A", "a/b", "+", "#", "é"}) {
            assertThrows(IllegalArgumentException.class, () -> new Topics(bad, "chu", "gw-1"));
        }
        assertTrue(topics.device("d", "obs").chars().filter(c -> c == '/').count() <= 7);
    }
}
