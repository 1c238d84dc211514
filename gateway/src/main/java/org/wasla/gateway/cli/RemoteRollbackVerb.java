package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla remote rollback}: an earlier state under a new revision. */
@Command(
        name = "rollback",
        description = {
            "Gives boxes the content of an earlier state again, under a new revision: revisions only rise.",
            "It is tried like any other. Where going back makes values others, the approval of the old profile must name"
                    + " the fields: push its folder with new statements instead."
        })
final class RemoteRollbackVerb implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Mixin
    RemoteAt at = new RemoteAt();

    @Mixin
    RemotePushing pushing = new RemotePushing();

    @Option(
            names = "--to",
            paramLabel = "REV|HASH|none",
            description = "Which state, by revision or the first digits of its hash; none: the installed profiles alone"
                    + " (default: the one before that in force).")
    String to = "";

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        RemoteFolder folder = at.folder();
        try (RemoteSession session = at.open(true)) {
            List<RemoteBox> boxes = session.openBoxes();
            RemotePlan plan = RemotePlan.back(folder, boxes, to.isEmpty() ? before(folder, boxes) : named(folder));
            return pushing.push(session, at, folder, plan, "");
        }
    }

    private String before(RemoteFolder folder, List<RemoteBox> boxes) throws Failure, IOException {
        List<String> hashes = boxes.stream().map(RemoteBox::hash).distinct().toList();
        if (hashes.size() != 1) {
            throw new Failure(
                    1, "the boxes are on " + hashes.size() + " states; write --to REV, as wasla remote status tells");
        }
        if (hashes.get(0).isEmpty()) {
            throw new Failure(1, "there is nothing to go back from: no state was ever given");
        }
        Optional<RemoteFolder.Known> now = folder.known(hashes.get(0));
        if (now.isEmpty()) {
            throw new Failure(
                    1,
                    "the state in force, " + RemoteTable.shortly(hashes.get(0))
                            + ", was not pushed from this folder; get" + " the files of states/ from who did");
        }
        List<String> previous = now.get().state().previous();
        if (previous.size() > 1) {
            throw new Failure(1, "the boxes were on " + previous.size() + " states before; write --to REV");
        }
        return previous.isEmpty() ? "" : previous.get(0);
    }

    private String named(RemoteFolder folder) throws Failure, IOException {
        if (to.equals("none")) {
            return "";
        }
        List<String> found = folder.all().stream()
                .filter(known -> String.valueOf(known.state().revision()).equals(to)
                        || to.length() >= 8 && known.hash().startsWith(to))
                .map(RemoteFolder.Known::hash)
                .toList();
        if (found.size() != 1) {
            String states = folder.all().stream()
                    .map(known -> known.state().revision() + " " + RemoteTable.shortly(known.hash()))
                    .toList()
                    .toString();
            throw new Failure(
                    1,
                    "--to " + to + " is " + (found.isEmpty() ? "no state" : "more than one state")
                            + " of this folder; it has " + states);
        }
        return found.get(0);
    }
}
