package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.profile.Golden;
import org.wasla.gateway.profile.Profile;
import org.wasla.gateway.profile.ProfileStore;
import org.wasla.gateway.trust.Vouch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla remote vouch author|approve}: says with a signature that one stands for a profile. */
@Command(
        name = "vouch",
        description = {
            "Signs that you are the author of a profile (author), or that you have read and approve somebody else's (approve).",
            "The statement is written into the profile's folder, as " + RemoteBundle.AUTHOR + " or "
                    + RemoteBundle.APPROVAL + ". It holds for these very bytes of profile.yaml.",
            "A profile whose captures do not pass gets none."
        })
final class RemoteVouchVerb implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Parameters(index = "0", paramLabel = "author|approve", description = "As what you sign.")
    String as = "";

    @Parameters(index = "1", paramLabel = "ID|DIR", description = "The profile.")
    String profile = "";

    @Option(
            names = "--changes",
            split = ",",
            paramLabel = "FIELD",
            description = "Fields that are meant to become other values, units or codes; all others must not.")
    List<String> changes = List.of();

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "The folder (default: .wasla-remote in the home folder).")
    Path keys = Path.of(System.getProperty("user.home"), ".wasla-remote");

    @Override
    public Integer call() throws Failure, IOException {
        boolean isApproval = as.equals("approve");
        if (!isApproval && !as.equals("author")) {
            throw new Failure(2, "'" + as + "' is nothing to sign as; write author or approve");
        }
        RemoteFolder folder = RemoteFolder.open(keys);
        ProfileStore store = shared.store();
        Profile read = Shared.profile(store, profile);
        for (Golden.Result result : Golden.test(read, store.codes().version(), false)) {
            if (!result.difference().isEmpty()) {
                throw new Failure(1, read.name() + " " + result.capture() + ": " + result.difference());
            }
        }
        String yaml = Files.readString(read.folder().resolve("profile.yaml"), StandardCharsets.UTF_8);
        String payload = JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("id", read.id());
            json.writeStringField("version", read.version());
            json.writeStringField("sha256", DesiredReader.sha256(yaml));
            json.writeArrayFieldStart("changes");
            for (String each : changes) {
                json.writeString(each);
            }
            json.writeEndArray();
        });
        Path file = read.folder().resolve(isApproval ? RemoteBundle.APPROVAL : RemoteBundle.AUTHOR);
        Files.writeString(file, folder.sign(isApproval ? Vouch.APPROVAL : Vouch.AUTHOR, payload) + "\n");
        System.out.println(file + ": " + read.name() + " " + read.hash() + ", "
                + (changes.isEmpty() ? "no field becomes another" : "changes " + String.join(", ", changes)));
        return 0;
    }
}
