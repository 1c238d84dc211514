package org.wasla.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.trust.Jws;
import org.wasla.gateway.trust.Vouch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla bundle vouch}: one person's word for one profile. */
@Command(
        name = "vouch",
        description = {
            "Prints the statement of an author or of an approver for a profile whose captures pass.",
            "Two persons are needed: who wrote it, and somebody else who read it."
        })
final class BundleVouch implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    /** Whose word it is. */
    enum As {
        author,
        approver
    }

    @Option(names = "--as", required = true, paramLabel = "ROLE", description = "author or approver.")
    As as = As.author;

    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The person's Ed25519 key, PEM.")
    Path key = Path.of("");

    @Option(names = "--key-id", required = true, paramLabel = "KID", description = "Its kid in the list of keys.")
    String keyId = "";

    @Option(
            names = "--changes",
            paramLabel = "FIELD",
            split = ",",
            description = "Fields that are meant to become other values, units or codes; the approver's count.")
    List<String> changes = new ArrayList<>();

    @Parameters(paramLabel = "ID|DIR", description = "The profile.")
    String profile = "";

    @Override
    public Integer call() throws Failure, IOException {
        Desired.Bundle bundle = ProfileFiles.read(shared.store(), profile, List.of());
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(payload)) {
            json.writeStartObject();
            json.writeNumberField("v", 1);
            json.writeStringField("id", bundle.id());
            json.writeStringField("version", bundle.version());
            json.writeStringField("sha256", bundle.hash());
            json.writeArrayFieldStart("changes");
            for (String field : changes) {
                json.writeString(field);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        String type = as == As.author ? Vouch.AUTHOR : Vouch.APPROVAL;
        System.out.println(Jws.sign(keyId, type, payload.toByteArray(), BundleVerb.key(key)));
        return 0;
    }
}
