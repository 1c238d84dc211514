package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.wasla.bridge.link.Link;

/** What only a checkout has, and no box: pseudo-terminals and a broker of its own. */
public interface Workshop {
    /** A box: without either. */
    Workshop NONE = new Workshop() {
        @Override
        public Link openPty(Path link) throws IOException {
            throw new IOException(
                    "pseudo-terminals need a checkout; use ops/wasla there, or --serial, --listen, --tcp");
        }

        @Override
        public Broker startBroker() throws IOException {
            throw new IOException("the demo needs a checkout; use ops/demo there");
        }
    };

    /** The device's end of a new pseudo-terminal; the other end stands at the path {@code link}. */
    Link openPty(Path link) throws IOException;

    /** Starts an MQTT 5 broker on a free port of the loopback interface. */
    Broker startBroker() throws IOException;

    /** A running broker. */
    interface Broker extends AutoCloseable {
        /** @return such as mqtt://127.0.0.1:18830 */
        String url();

        String name();

        @Override
        void close();
    }
}
