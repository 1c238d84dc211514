package org.wasla.gateway.cli;

import java.util.stream.Collectors;
import org.wasla.gateway.profile.Problems;

/** Ends a verb with an exit code and what to tell the user: what is wrong and what to do. */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    /** @param exitCode 1 the thing asked for failed; 2 wrong usage, configuration or profile */
    Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static Failure of(Problems problems) {
        return new Failure(
                2, problems.list().stream().map(Object::toString).collect(Collectors.joining(System.lineSeparator())));
    }

    int exitCode() {
        return exitCode;
    }
}
