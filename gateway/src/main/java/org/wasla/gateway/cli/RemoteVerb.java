package org.wasla.gateway.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code wasla remote}: a technician's work on boxes that are elsewhere. */
@Command(
        name = "remote",
        description = {
            "Changes and looks at boxes at a distance: one box, or a group. What is pushed waits at the broker for boxes"
                    + " that are offline."
        },
        synopsisSubcommandLabel = "VERB")
final class RemoteVerb extends VerbGroup {
    static CommandLine commandLine() {
        return new CommandLine(new RemoteVerb())
                .addSubcommand("key", new RemoteKeyVerb())
                .addSubcommand("keys", new RemoteKeysVerb())
                .addSubcommand("vouch", new RemoteVouchVerb())
                .addSubcommand("status", new RemoteStatusVerb())
                .addSubcommand("diff", new RemoteDiffVerb())
                .addSubcommand("push", new RemotePushVerb())
                .addSubcommand("rollback", new RemoteRollbackVerb())
                .addSubcommand("logs", new RemoteLogsVerb())
                .addSubcommand("capture", new RemoteCaptureVerb())
                .addSubcommand("restart", new RemoteRestartVerb())
                .addSubcommand("identify", new RemoteIdentifyVerb());
    }
}
