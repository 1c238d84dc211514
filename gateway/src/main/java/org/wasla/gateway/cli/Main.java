package org.wasla.gateway.cli;

import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code wasla}: finds the verb and turns failures into messages and exit codes. */
@Command(
        name = "wasla",
        version = "wasla " + Main.VERSION,
        synopsisSubcommandLabel = "VERB",
        description = "Edge gateway for hospital medical devices.",
        footer = {"", "Exit codes: 0 done, 1 the thing asked for failed, 2 wrong usage, configuration or profile."})
public final class Main implements Runnable {
    public static final String VERSION = "0.1.0";

    private static final String TRACE = "WASLA_TRACE";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before run
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    boolean version;

    public static void main(String[] args) {
        System.exit(run(Workshop.NONE, args));
    }

    /** Runs one verb. {@code workshop} brings what only a checkout has. */
    public static int run(Workshop workshop, String... args) {
        // Whoever may begin TLS 1.2 anew within a connection has us compute for nothing; it is read once, with the
        // first TLS.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        CommandLine wasla = new CommandLine(new Main())
                .addSubcommand("run", new RunVerb())
                .addSubcommand("demo", new DemoVerb(workshop))
                .addSubcommand("check", new CheckVerb())
                .addSubcommand("status", new StatusVerb())
                .addSubcommand("doctor", new DoctorVerb())
                .addSubcommand("buffer", BufferVerb.commandLine())
                .addSubcommand("audit", AuditVerb.commandLine())
                .addSubcommand("bundle", BundleVerb.commandLine())
                .addSubcommand("backup", new BackupVerb())
                .addSubcommand("restore", new RestoreVerb())
                .addSubcommand("decommission", new DecommissionVerb())
                .addSubcommand("imaging", ImagingVerb.commandLine())
                .addSubcommand("patient", PatientVerb.commandLine())
                .addSubcommand("page", PageVerb.commandLine())
                .addSubcommand("profiles", ProfilesVerb.commandLine())
                .addSubcommand("decode", new DecodeVerb())
                .addSubcommand("identify", new IdentifyVerb())
                .addSubcommand("capture", new CaptureVerb())
                .addSubcommand("simulate", new SimulateVerb(workshop))
                .addSubcommand("enrol", EnrolVerb.commandLine())
                .addSubcommand("remote", RemoteVerb.commandLine())
                .addSubcommand("subscribe", new SubscribeVerb());
        wasla.setExecutionExceptionHandler((failure, command, parsed) -> tell(failure));
        return wasla.execute(args);
    }

    private static int tell(Exception failure) throws Exception {
        PrintStream err = System.err;
        if (failure instanceof Failure known) {
            err.println(known.getMessage());
            return known.exitCode();
        }
        if (failure instanceof IOException operating) {
            err.println("wasla: " + operating.getMessage());
            return 1;
        }
        if (System.getenv(TRACE) != null) {
            throw failure;
        }
        err.println("wasla: a fault of ours: " + failure + "; please report it with what " + TRACE + "=1 shows");
        return 1;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which verb? see below");
    }
}
