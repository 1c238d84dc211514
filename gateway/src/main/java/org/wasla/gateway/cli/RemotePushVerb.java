package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.command.Desired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla remote push}: a new state for one box or a group. */
@Command(
        name = "push",
        description = {
            "Gives boxes new profiles. Each tries them on its own captures, on the last bytes of its lines, on one device and on"
                    + " all, and goes back by itself when something becomes worse.",
            "Ends with 1 when a box refused it or went back. Boxes that are offline get it when they are back."
        })
final class RemotePushVerb implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Mixin
    RemoteAt at = new RemoteAt();

    @Mixin
    RemotePushing pushing = new RemotePushing();

    @Parameters(
            paramLabel = "ID|DIR",
            arity = "0..*",
            description = "Profiles with both statements (wasla remote vouch) in their folders.")
    List<String> profiles = List.of();

    @Option(
            names = "--remove",
            paramLabel = "ID",
            description = "A profile that goes back to what was installed with the software.")
    List<String> removed = List.of();

    @Option(names = "--keys-list", paramLabel = "FILE", description = "A new list of keys (wasla remote keys).")
    @Nullable
    Path keysList;

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        Path list = keysList;
        if (profiles.isEmpty() && removed.isEmpty() && list == null) {
            throw new Failure(2, "push what? write folders of profiles, --remove ID, or --keys-list FILE");
        }
        RemoteFolder folder = at.folder();
        List<Desired.Bundle> bundles = new ArrayList<>();
        for (String each : profiles) {
            bundles.add(RemoteBundle.read(shared, each));
        }
        try (RemoteSession session = at.open(true)) {
            RemotePlan plan = RemotePlan.change(folder, session.openBoxes(), bundles, removed);
            String keys = list == null ? "" : Files.readString(list).strip();
            return pushing.push(session, at, folder, plan, keys);
        }
    }
}
