package org.wasla.gateway.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.trust.SealKey;
import org.wasla.gateway.trust.Sealed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla remote capture}: what a device of a box says, sealed for us. */
@Command(
        name = "capture",
        description = {
            "Keeps what a device says from now on, and writes it as a .cap file here. The box seals it for the technician's key;"
                    + " nobody between can read it.",
            "It may name patients: keep the file where such things are kept, and delete it when it is no longer needed."
        })
final class RemoteCaptureVerb implements Callable<Integer> {
    private static final int SECONDS_MAX = 300;
    private static final int BYTES_MAX = 1 << 20;
    private static final int TEXT_BYTES_MAX = 32 << 20;

    @Mixin
    Shared shared = new Shared();

    @Mixin
    RemoteAt at = new RemoteAt();

    @Parameters(paramLabel = "DEVICE", description = "The device's id, such as oxi-b07.")
    String device = "";

    @Option(names = "--seconds", paramLabel = "N", description = "For how long, 1 to 300 (default: ${DEFAULT-VALUE}).")
    int seconds = 30;

    @Option(names = "--max", paramLabel = "BYTES", description = "Ends earlier when so many came (default: 1 MiB).")
    int bytesMax = BYTES_MAX;

    @Option(
            names = "--wait",
            paramLabel = "N",
            description = "How many seconds the answer may take afterwards (default: ${DEFAULT-VALUE}).")
    int waitS = 60;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The capture to write; ends in .cap.")
    Path out = Path.of("");

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        if (at.gateway.isEmpty()) {
            throw new Failure(2, "which box? write --gateway ID");
        }
        if (!out.toString().endsWith(".cap")) {
            throw new Failure(2, "--out is '" + out + "'; write a name that ends in .cap");
        }
        if (seconds < 1 || seconds > SECONDS_MAX || bytesMax < 1 || bytesMax > BYTES_MAX) {
            throw new Failure(2, "--seconds is 1 to 300, and --max 1 to 1048576");
        }
        SealKey key = at.folder().seal();
        RemoteOrders.Answered answer = RemoteOrders.give(at, "capture", seconds + Math.max(1L, waitS), json -> {
                    json.writeStringField("dev", device);
                    json.writeNumberField("s", seconds);
                    json.writeNumberField("max", bytesMax);
                    json.writeStringField("to", key.text());
                })
                .get(0);
        if (!answer.isDone()) {
            throw new Failure(1, answer.box().id() + ": " + answer.why());
        }
        Files.write(out, text(answer, key));
        System.err.println(answer.count() + " bytes of " + device + " in " + out
                + (answer.count() == 0 ? "; nothing came: check cable and port, and wasla remote status" : ""));
        return answer.count() == 0 ? 1 : 0;
    }

    private byte[] text(RemoteOrders.Answered answer, SealKey key) throws Failure, IOException {
        StringBuilder sealed = new StringBuilder();
        answer.parts().forEach(part -> sealed.append(RemoteBox.text(part, "data")));
        byte[] deflated = Sealed.open(sealed.toString(), key);
        Map<String, @Nullable Object> head = Json.object(
                        Sealed.header(sealed.toString()).getBytes(StandardCharsets.UTF_8))
                .orElse(Map.of());
        boolean isOurs = RemoteBox.text(head, "gw").equals(answer.box().id())
                && RemoteBox.text(head, "dev").equals(device)
                && RemoteBox.text(head, "jti").equals(answer.jti());
        if (!isOurs) {
            throw new Failure(1, "the answer is sealed for us, and is of another order");
        }
        try (InflaterInputStream text = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
            return text.readNBytes(TEXT_BYTES_MAX);
        }
    }
}
