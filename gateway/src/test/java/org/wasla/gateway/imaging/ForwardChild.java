package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.file.Path;

/** A box that forwards, as a process of its own, to be killed: says its port and runs until its input ends. */
final class ForwardChild {
    private ForwardChild() {}

    public static void main(String[] args) throws IOException {
        ForwardSettings.Node node = new ForwardSettings.Node("STORESCP", "127.0.0.1", Integer.parseInt(args[1]), null);
        try (Receiver receiver = ForwardIT.receiver(Path.of(args[0]), true, ForwardIT.to("pacs", node))) {
            System.out.println(receiver.port());
            while (System.in.read() >= 0) {
                // whoever started us is still there
            }
        }
    }
}
