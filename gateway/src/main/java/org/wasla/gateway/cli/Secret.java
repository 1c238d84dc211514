package org.wasla.gateway.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Asks whoever sits at the box. Stateless. */
final class Secret {
    /** One for all questions: it may have read more lines than one. */
    private static final BufferedReader IN =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private Secret() {}

    /** Not as an argument: those are seen by every user of the machine. Not shown where there is a terminal. */
    @SuppressWarnings("SystemConsoleNull") // Java 17 is what we run on; a newer one reads without a terminal as well
    static String ask(String question) throws IOException {
        Console console = System.console();
        if (console != null) {
            char[] typed = console.readPassword("%s: ", question);
            return typed == null ? "" : new String(typed);
        }
        return line();
    }

    /** @throws Failure when something else than the wanted text is typed */
    static void confirm(String question, String wanted) throws Failure, IOException {
        System.out.println(question);
        System.out.print("Type " + wanted + " to go on: ");
        System.out.flush();
        if (!line().equals(wanted)) {
            throw new Failure(1, "wasla: that was not " + wanted + "; nothing was changed");
        }
    }

    private static String line() throws IOException {
        String line = IN.readLine();
        return line == null ? "" : line.strip();
    }
}
