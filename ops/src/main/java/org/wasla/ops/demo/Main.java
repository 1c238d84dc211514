package org.wasla.ops.demo;

import java.io.IOException;
import java.nio.file.Path;
import org.wasla.bridge.link.Link;
import org.wasla.bridge.link.Pty;
import org.wasla.gateway.cli.Workshop;

/** The command {@code wasla} of a checkout: the same verbs, with a workshop. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(org.wasla.gateway.cli.Main.run(new Checkout(), args));
    }

    private static final class Checkout implements Workshop {
        @Override
        public Link openPty(Path link) throws IOException {
            return new PtyLink(Pty.open(link));
        }

        @Override
        public Broker startBroker() throws IOException {
            return ArtemisBroker.start();
        }

        @Override
        public Scanners scanners(Path folder) {
            return new org.wasla.ops.demo.Scanners(folder);
        }
    }
}
