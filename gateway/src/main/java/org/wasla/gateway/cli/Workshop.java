package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.wasla.bridge.link.Link;

/** What only a checkout has, and no box: pseudo-terminals, a broker of its own, scanners. */
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

        @Override
        public Scanners scanners(Path folder) {
            throw new IllegalStateException("only after startBroker");
        }
    };

    /** The device's end of a new pseudo-terminal; the other end stands at the path {@code link}. */
    Link openPty(Path link) throws IOException;

    /** Starts an MQTT 5 broker on a free port of the loopback interface. */
    Broker startBroker() throws IOException;

    /** A CT and an ultrasound that write their objects into this folder. */
    Scanners scanners(Path folder);

    /** Scanners with one invented examination each. */
    interface Scanners {
        /** @return what sends for them */
        String sender();

        /** Sends all they have to a receiver of this title on this computer; returns once it has taken all of it. */
        void send(String called, int port) throws IOException, InterruptedException;
    }

    /** A running broker. */
    interface Broker extends AutoCloseable {
        /** @return such as mqtt://127.0.0.1:18830 */
        String url();

        String name();

        @Override
        void close();
    }
}
