package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.profile.Profile;

/**
 * A folder of a profile with the statements of its author ({@value #AUTHOR}) and its approver ({@value #APPROVAL}) as a part of a
 * state. Stateless.
 */
final class RemoteBundle {
    static final String AUTHOR = "author.jws";
    static final String APPROVAL = "approval.jws";

    private RemoteBundle() {}

    static Desired.Bundle read(Shared shared, String idOrFolder) throws Failure, IOException {
        Profile profile = Shared.profile(shared.store(), idOrFolder);
        Path folder = profile.folder();
        List<String> statements = new ArrayList<>();
        for (String name : List.of(AUTHOR, APPROVAL)) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new Failure(
                        1,
                        "nobody stands for " + profile.name() + ": no " + folder.resolve(name)
                                + "; see wasla remote vouch");
            }
            statements.add(Files.readString(folder.resolve(name)).strip());
        }
        Map<String, String> files = new TreeMap<>();
        String yaml = Files.readString(folder.resolve("profile.yaml"), StandardCharsets.UTF_8);
        files.put("profile.yaml", yaml);
        Path captures = folder.resolve("captures");
        if (Files.isDirectory(captures)) {
            try (Stream<Path> all = Files.list(captures)) {
                for (Path each : all.sorted().toList()) {
                    String name = each.getFileName().toString();
                    if (name.endsWith(".cap") || name.endsWith(".expected.jsonl")) {
                        // Comments of captures come in any character set; what counts is ASCII.
                        boolean isCapture = name.endsWith(".cap");
                        files.put(
                                "captures/" + name,
                                Files.readString(
                                        each, isCapture ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return new Desired.Bundle(profile.id(), profile.version(), DesiredReader.sha256(yaml), statements, files);
    }
}
