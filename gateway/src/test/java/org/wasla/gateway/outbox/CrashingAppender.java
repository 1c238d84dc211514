package org.wasla.gateway.outbox;

import java.nio.file.Path;
import java.util.List;

/** A process that appends from several threads until it is killed, and prints every acknowledgement as it comes. */
final class CrashingAppender {

    static final int DEVICES = 4;

    private CrashingAppender() {}

    static OutboxSettings settings(Path dir) {
        return new OutboxSettings(dir, 256L << 20, 5);
    }

    public static void main(String[] args) throws Exception {
        Outbox outbox = Outbox.open(settings(Path.of(args[0])), Gaps::event);
        for (int device = 0; device < DEVICES; device++) {
            String name = "d" + device;
            new Thread(() -> appendForEver(outbox, name)).start();
        }
    }

    @SuppressWarnings("SystemOut")
    private static void appendForEver(Outbox outbox, String device) {
        try {
            while (true) {
                outbox.append(List.of(Drafts.obs(device)));
                synchronized (System.out) {
                    System.out.print("ack " + device + "\n");
                    System.out.flush();
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
