package org.wasla.gateway.imaging;

import java.io.IOException;
import java.nio.file.Path;

/** A receiver as a process of its own, to be killed: says its port and runs until its input ends. */
final class ReceiverChild {
    private ReceiverChild() {}

    public static void main(String[] args) throws IOException {
        try (Receiver receiver = Receiver.start(Path.of(args[0]))) {
            System.out.println(receiver.port());
            while (System.in.read() >= 0) {
                // whoever started us is still there
            }
        }
    }
}
