package org.wasla.gateway.cli;

import java.nio.file.Path;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.imaging.ImagingSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla imaging list|status|resend|dump}. */
@Command(
        name = "imaging",
        description = "Looks at the images that the box holds, and sends them again. Never changes them.",
        synopsisSubcommandLabel = "VERB")
final class ImagingVerb extends VerbGroup {
    static CommandLine commandLine() {
        return new CommandLine(new ImagingVerb())
                .addSubcommand("list", new ImagingList())
                .addSubcommand("status", new ImagingStatus())
                .addSubcommand("resend", new ImagingResend())
                .addSubcommand("dump", new ImagingDump());
    }

    /** What both take. */
    static final class Which {
        @Mixin
        Shared shared = new Shared();

        @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration.")
        Path file = Path.of("");

        Config config() throws Failure {
            return CheckVerb.read(file, shared);
        }

        static ImagingSettings dicom(Config config) throws Failure {
            ImagingSettings dicom = config.dicom();
            if (dicom == null) {
                throw new Failure(
                        2, "wasla: the configuration has no section dicom; add dicom: {ae: WASLA, listen: 11112}");
            }
            return dicom;
        }
    }
}
