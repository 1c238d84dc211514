package org.wasla.gateway.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.agent.Enrolled;
import org.wasla.gateway.config.EnrolReader;
import org.wasla.gateway.enrol.Enrolment;
import org.wasla.gateway.enrol.Identity;
import org.wasla.gateway.enrol.IdentityFolder;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.tls.TlsClock;
import org.wasla.gateway.trust.EnrolToken;
import org.wasla.gateway.trust.Renewal;
import org.wasla.gateway.trust.TokenException;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code wasla enrol} and {@code wasla enrol status}: the box's certificate from the region. */
@Command(
        name = "enrol",
        description = {
            "Makes the box's key and gets a certificate for it from the region, with a token.",
            "Then compare the six words that it shows with those that the region shows."
        })
final class EnrolVerb implements Callable<Integer> {
    private static final long TOKEN_BYTES_MAX = 4_096;
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    @Spec
    CommandSpec spec = CommandSpec.create();

    @ArgGroup
    @Nullable
    Given given;

    /** One of the two. */
    static final class Given {
        @Option(names = "--token", paramLabel = "TEXT", description = "The token, as the region gave it.")
        @Nullable
        String token;

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description = "A file with the token, such as one on a stick.")
        @Nullable
        Path file;
    }

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The configuration of this box: the token must be for its name.")
    @Nullable
    Path config;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Where key and certificate are kept; else enrol.dir of the configuration, else"
                    + " /var/lib/wasla/identity.")
    @Nullable
    Path dir;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    static CommandLine commandLine() {
        EnrolVerb enrol = new EnrolVerb();
        return new CommandLine(enrol).addSubcommand("status", new Status(enrol));
    }

    @Override
    public Integer call() throws Failure, IOException {
        EnrolToken token = token();
        EnrolReader.Box box = box();
        if (box != null && !(box.gateway().equals(token.gateway()) && box.site().equals(token.site()))) {
            throw new Failure(
                    2,
                    "wasla: the token is for " + token.gateway() + " at " + token.site() + ", and this box is "
                            + box.gateway() + " at " + box.site() + "; correct gateway.id and gateway.site, or ask for"
                            + " another token");
        }
        TlsClock clock = Enrolled.judge(box == null ? null : box.buffer());
        long lateS = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) - token.expiresS();
        if (lateS > 0 && clock.isConfirmed()) {
            throw new Failure(
                    1,
                    "wasla: the token ran out at " + MINUTE.format(Instant.ofEpochSecond(token.expiresS()))
                            + "; ask the region for another one");
        }
        IdentityFolder folder = new IdentityFolder(folder(box));
        Identity identity = Enrolment.byToken(token, folder, clock);
        PrintWriter out = spec.commandLine().getOut();
        out.println("enrolled  " + identity.gateway() + " at " + identity.endpoint() + ", kept in " + folder.dir());
        show(identity, clock.nowMs(), out);
        out.println("Compare the six words with those that the region shows for this box. If one differs: tell the"
                + " region at once, so that it revokes it.");
        return 0;
    }

    private EnrolToken token() throws Failure {
        Given one = given;
        String text = one == null ? null : one.token;
        Path file = one == null ? null : one.file;
        try {
            if (file != null) {
                if (Files.size(file) > TOKEN_BYTES_MAX) {
                    throw new Failure(2, "wasla: " + file + " is too large for a token; name the file of the token");
                }
                text = Files.readString(file, StandardCharsets.UTF_8);
            }
            if (text == null) {
                throw new Failure(2, "wasla: no token; give --token TEXT or --token-file FILE");
            }
            return EnrolToken.read(text);
        } catch (TokenException none) {
            throw new Failure(2, "wasla: " + none.getMessage());
        } catch (IOException unreadable) {
            throw new Failure(2, "wasla: " + file + " cannot be read; is the stick in?");
        }
    }

    private EnrolReader.@Nullable Box box() throws Failure {
        Path file = config;
        if (file == null) {
            return null;
        }
        Problems problems = new Problems();
        EnrolReader.Box box = EnrolReader.box(file, problems);
        if (!problems.isEmpty()) {
            throw Failure.of(problems);
        }
        return box;
    }

    private Path folder(EnrolReader.@Nullable Box box) {
        Path written = dir;
        return written != null ? written : box == null ? EnrolReader.DIR : box.dir();
    }

    private static void show(Identity identity, long nowMs, PrintWriter out) {
        Renewal.Life life = identity.life();
        String state = switch (life.at(nowMs)) {
            case FINE, DUE, LATE ->
                life.quarantined() ? "in quarantine until the region has confirmed the box" : "good";
            case EXPIRED -> "expired: the agent gets another one, into quarantine";
            case GONE -> "expired for more than 90 days: ask the region for a new token";
        };
        out.println("state     " + state);
        out.println("until     " + MINUTE.format(Instant.ofEpochMilli(life.untilMs())) + "; the agent renews it from "
                + MINUTE.format(Instant.ofEpochMilli(life.halfMs())) + " on");
        out.println("brokers   "
                + (identity.servers().isEmpty()
                        ? "not named by the region: write uplink.servers"
                        : String.join(
                                " ",
                                identity.servers().stream()
                                        .map(Object::toString)
                                        .toList())));
        out.println("words     " + identity.words());
    }

    /** Ends with 1 when the box is not enrolled, or its certificate has run out. */
    @Command(
            name = "status",
            description = "Shows the box's certificate: until when, in quarantine or not, its six words.")
    static final class Status implements Callable<Integer> {
        private final EnrolVerb enrol;

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Shows this help.")
        boolean help;

        Status(EnrolVerb enrol) {
            this.enrol = enrol;
        }

        @Override
        public Integer call() throws Failure, IOException {
            EnrolReader.Box box = enrol.box();
            IdentityFolder folder = new IdentityFolder(enrol.folder(box));
            Identity identity = folder.load()
                    .orElseThrow(() -> new Failure(
                            1,
                            "wasla: the box is not enrolled (nothing in " + folder.dir()
                                    + "); get a token from the region, then wasla enrol --token-file FILE"));
            PrintWriter out = spec.commandLine().getOut();
            long nowMs = Enrolled.judge(box == null ? null : box.buffer()).nowMs();
            out.println("gateway   " + identity.gateway() + " at " + identity.endpoint());
            show(identity, nowMs, out);
            Renewal.Urgency urgency = identity.life().at(nowMs);
            return urgency == Renewal.Urgency.EXPIRED || urgency == Renewal.Urgency.GONE ? 1 : 0;
        }
    }
}
