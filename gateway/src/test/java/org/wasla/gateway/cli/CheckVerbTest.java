package org.wasla.gateway.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class CheckVerbTest {
    /** The agent would wait for the hospital's port in silence: who checks the configuration is told before. */
    @Test
    void aPortThatSomebodyHoldsIsTold() throws IOException {
        int port;
        try (ServerSocket held = new ServerSocket()) {
            held.bind(new InetSocketAddress(0));
            port = held.getLocalPort();
            String fault = CheckVerb.port(port);
            assertTrue(fault.contains("adt.listen"), fault);
        }
        assertEquals("", CheckVerb.port(port));
    }
}
