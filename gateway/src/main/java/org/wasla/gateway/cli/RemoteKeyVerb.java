package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.trust.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla remote key}: a technician's keys. */
@Command(
        name = "key",
        description = {
            "Makes a technician's keys, and prints the line for the list of keys (wasla remote keys).",
            "The folder stays with the technician; only the line is given away. Keys that are there stay."
        })
final class RemoteKeyVerb implements Callable<Integer> {
    private static final long DAY_S = 86_400;

    @Mixin
    Shared shared = new Shared();

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            description = "The folder (default: .wasla-remote in the home folder).")
    Path keys = Path.of(System.getProperty("user.home"), ".wasla-remote");

    @Option(names = "--id", required = true, paramLabel = "ID", description = "What the key is called, such as tech-1.")
    String id = "";

    @Option(
            names = "--who",
            required = true,
            paramLabel = "PERSON",
            description = "Whose it is: small letters, digits and . _ -. Two keys of one person are one person.")
    String who = "";

    @Option(
            names = "--roles",
            split = ",",
            paramLabel = "ROLE",
            description =
                    "What it may sign: config, author, approver, command, system, release (default: config,command).")
    List<String> roles = List.of("config", "command");

    @Option(names = "--days", paramLabel = "N", description = "How long it counts (default: ${DEFAULT-VALUE}).")
    long days = 365;

    @Override
    public Integer call() throws Failure, IOException {
        for (String role : roles) {
            if (List.of(Role.values()).stream().noneMatch(each -> each.wire().equals(role))) {
                throw new Failure(
                        2,
                        "--roles has '" + role + "'; write some of config, author, approver, command, system, release");
            }
        }
        if (!who.equals(who.toLowerCase(Locale.ROOT)) || !who.matches("[a-z0-9._-]{1,64}")) {
            throw new Failure(2, "--who is '" + who + "'; write up to 64 of a-z, 0-9 and . _ -");
        }
        if (days < 1 || days > 3_650) {
            throw new Failure(2, "--days is " + days + "; write 1 to 3650");
        }
        RemoteFolder folder = RemoteFolder.create(keys, id);
        System.out.println(JsonText.write(json -> {
            json.writeStringField("kid", id);
            json.writeStringField("x", folder.publicKey());
            json.writeStringField("who", who);
            json.writeArrayFieldStart("roles");
            for (String role : roles) {
                json.writeString(role);
            }
            json.writeEndArray();
            json.writeNumberField("exp", System.currentTimeMillis() / 1_000 + days * DAY_S);
        }));
        return 0;
    }
}
