package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.wasla.gateway.page.Pins;
import org.wasla.gateway.page.Role;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla page}: what belongs to the local page. */
final class PageVerb {
    private PageVerb() {}

    static CommandLine commandLine() {
        return new CommandLine(new Group())
                .addSubcommand("show", new PageShow())
                .addSubcommand("pin", new Pin())
                .addSubcommand("open", new PageDoor.Open())
                .addSubcommand("close", new PageDoor.Close());
    }

    @Command(name = "page", description = "The box's local page.", synopsisSubcommandLabel = "VERB")
    static final class Group extends VerbGroup {}

    /** {@code wasla page pin}. */
    @Command(
            name = "pin",
            description = {
                "Puts a PIN into the file of page.pin: only its hash, PBKDF2. Another PIN of the same role is replaced.",
                "Asks for it at the terminal, or reads one line from the standard input. The agent reads it at its start.",
                "FILE belongs to its owner, and to the group of its folder where that folder is closed to others."
            })
    static final class Pin implements Callable<Integer> {
        @Mixin
        Shared shared = new Shared();

        @Option(names = "--file", required = true, paramLabel = "FILE", description = "The file; made when absent.")
        Path file = Path.of("");

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "viewer: sees; installer: also adds devices (default: ${DEFAULT-VALUE}).")
        String role = "installer";

        @Option(
                names = "--make",
                description = "Makes one of eight digits for the installer instead of asking; wasla page show tells it"
                        + " until another replaces it.")
        boolean makes;

        @Override
        public Integer call() throws Failure, IOException {
            if (makes && !role.equals("installer")) {
                throw new Failure(2, "--make is for the installer; leave out --role, or leave out --make");
            }
            try {
                return put();
            } catch (AccessDeniedException refused) {
                throw new Failure(1, "wasla: " + refused.getMessage() + " may not be written; use sudo");
            } catch (NoSuchFileException missing) {
                throw new Failure(1, "wasla: there is no folder for " + file + "; make it, or correct --file");
            }
        }

        private int put() throws Failure, IOException {
            if (makes) {
                Pins.make(file);
                System.err.println("PIN of the installer is in " + file + ", and to be read in " + Pins.first(file));
                return 0;
            }
            Role of = switch (role) {
                case "viewer" -> Role.VIEWER;
                case "installer" -> Role.INSTALLER;
                default -> throw new Failure(2, "--role is '" + role + "'; write viewer or installer");
            };
            char[] pin = Secret.ask("PIN").toCharArray();
            try {
                if (pin.length < Pins.LENGTH_MIN || pin.length > Pins.LENGTH_MAX) {
                    throw new Failure(
                            2,
                            "the PIN has " + pin.length + " signs; choose " + Pins.LENGTH_MIN + " to "
                                    + Pins.LENGTH_MAX);
                }
                Pins.write(file, of, pin);
            } finally {
                Arrays.fill(pin, ' ');
            }
            System.err.println("PIN of the " + role + " is in " + file);
            return 0;
        }
    }
}
