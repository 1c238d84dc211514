package org.wasla.gateway.hospital;

import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.wasla.gateway.outbox.Outbox;

/** A box in a process of its own, to be killed: writes down each record that is on disk. */
final class SenderChild {
    private SenderChild() {}

    /** @param args the buffer, the port of the receiver, and the file that it adds lines to */
    public static void main(String[] args) throws Exception {
        OutputStream said = new FileOutputStream(args[2], true);
        Outbox outbox = Buffer.open(Path.of(args[0]));
        Hospital hospital = new Hospital(
                Buffer.settings(Buffer.to(Integer.parseInt(args[1]), 1_000, 2_000)),
                outbox,
                device -> "",
                Lane.Pauses.USUAL);
        hospital.start();
        for (int i = 0; ; i++) {
            String device = "dev-" + i % 3;
            long seq = outbox.lastNumber(device, "obs") + 1;
            // A label of its own, so that no later value of the span takes its place.
            outbox.append(List.of(Buffer.draft(
                    device,
                    "obs",
                    System.currentTimeMillis(),
                    "\"obs\":[{\"r\":\"N" + seq + "\",\"v\":" + seq + "}]")));
            said.write(("gw-1." + outbox.epoch() + '.' + device + ".obs." + seq + "\n")
                    .getBytes(StandardCharsets.US_ASCII));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }
}
