package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.command.Desired;
import org.wasla.gateway.command.Release;
import org.wasla.gateway.trust.BundleFile;
import org.wasla.gateway.trust.Jws;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wasla bundle show}: what a bundle carries; changes nothing. */
@Command(
        name = "show",
        description = {
            "Lists what a bundle carries and who stands for it, and installs nothing.",
            "With --config it says whether this box would let it in; without, no signature is checked."
        })
final class BundleShow implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration of the box that it is for.")
    @Nullable
    Path config;

    @Parameters(paramLabel = "FILE", description = "The bundle.")
    Path file = Path.of("");

    @Override
    public Integer call() throws Failure, IOException {
        BundleFile bundle = BundleVerb.file(file);
        List<String> problems = new ArrayList<>();
        Path box = config;
        Optional<Release> release = box == null
                ? bundle.release(problems)
                : BundleVerb.door(CheckVerb.read(box, shared)).check(bundle, problems);
        release.ifPresent(each -> print(bundle, each));
        problems.forEach(each -> System.out.println("FAULT " + each));
        if (problems.isEmpty()) {
            System.out.println(
                    box == null
                            ? "note  no signature was checked; add --config FILE to check them with the keys of a box"
                            : "ok    every signature holds, and two persons stand for each profile");
        }
        return problems.isEmpty() ? 0 : 1;
    }

    private static void print(BundleFile bundle, Release release) {
        System.out.printf(
                "%s, made %s, signed by %s%s%n  sha256 %s%n",
                release.name(),
                Instant.ofEpochSecond(release.madeS()),
                printable(bundle.keyId()),
                release.softwareMin().isEmpty() ? "" : ", for software from " + release.softwareMin(),
                bundle.hash());
        for (Desired.Bundle profile : release.profiles()) {
            System.out.printf(
                    "  %-20s %-8s %s  %d files; %s%n",
                    profile.id(),
                    profile.version(),
                    profile.hash().substring(0, 12),
                    profile.files().size(),
                    signers(profile));
        }
    }

    private static String signers(Desired.Bundle profile) {
        List<String> said = new ArrayList<>();
        for (String statement : profile.statements()) {
            try {
                Jws jws = Jws.parse(statement);
                said.add(printable(jws.type().replaceAll("^wasla-|\\+jws$", "")) + " " + printable(jws.keyId()));
            } catch (Jws.Unreadable unreadable) {
                said.add("a statement that cannot be read");
            }
        }
        return String.join(", ", said);
    }

    /** What a stranger wrote does not steer a terminal. */
    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
