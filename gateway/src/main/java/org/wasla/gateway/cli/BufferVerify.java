package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.outbox.BufferLook;
import org.wasla.gateway.outbox.Finding;
import org.wasla.gateway.outbox.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla buffer verify}: reads every byte and compares. */
@Command(
        name = "verify",
        description = {
            "Reads the whole buffer of a stopped agent and tells what is not as it was written.",
            "Changes nothing. Ends with 0 when all is well, with 1 when something was found."
        })
final class BufferVerify implements Callable<Integer> {
    private static final long TELL_NS = 2_000_000_000L;

    @Mixin
    BufferVerb.Which which = new BufferVerb.Which();

    @Option(names = "--json", description = "Prints findings, notes and totals as one JSON object.")
    boolean json;

    private long toldNs = System.nanoTime();
    private long bytes;

    @Override
    public Integer call() throws Failure, IOException {
        Config config = which.config();
        try (BufferLook look = BufferVerb.open(config)) {
            Verification found = look.verify(BufferVerb::told, this::progress);
            if (json) {
                System.out.println(json(found));
            } else {
                print(found);
            }
            return found.findings().isEmpty() ? 0 : 1;
        }
    }

    private void progress(String file, long blockBytes) {
        bytes += blockBytes;
        if (System.nanoTime() - toldNs > TELL_NS) {
            toldNs = System.nanoTime();
            System.err.printf(Locale.ROOT, "read %d MiB, in %s%n", bytes >> 20, file);
        }
    }

    private static void print(Verification found) {
        for (Finding finding : found.findings()) {
            System.out.println("FAULT " + finding.file() + ": " + finding.what() + "; " + finding.remedy());
        }
        found.notes().forEach(note -> System.out.println("note  " + note));
        System.out.printf(
                Locale.ROOT,
                "%s: %d findings; %d records of %d streams, %d wait to be published, %.1f MiB; %d journal segments,"
                        + " %d store files, %d blocks%n",
                found.findings().isEmpty() ? "ok   " : "FAULT",
                found.findings().size(),
                found.entries(),
                found.streams(),
                found.unpublished(),
                found.payloadBytes() / (double) (1 << 20),
                found.segments(),
                found.storeFiles(),
                found.blocks());
    }

    private static String json(Verification found) {
        return JsonText.write(out -> {
            out.writeBooleanField("ok", found.findings().isEmpty());
            out.writeArrayFieldStart("findings");
            for (Finding finding : found.findings()) {
                out.writeStartObject();
                out.writeStringField("file", finding.file());
                out.writeStringField("what", finding.what());
                out.writeStringField("remedy", finding.remedy());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("notes");
            for (String note : found.notes()) {
                out.writeString(note);
            }
            out.writeEndArray();
            out.writeObjectFieldStart("totals");
            out.writeNumberField("records", found.entries());
            out.writeNumberField("streams", found.streams());
            out.writeNumberField("unpublished", found.unpublished());
            out.writeNumberField("payloadBytes", found.payloadBytes());
            out.writeNumberField("segments", found.segments());
            out.writeNumberField("storeFiles", found.storeFiles());
            out.writeNumberField("blocks", found.blocks());
            out.writeEndObject();
        });
    }
}
