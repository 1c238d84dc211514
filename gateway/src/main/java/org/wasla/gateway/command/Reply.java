package org.wasla.gateway.command;

import java.util.List;

/**
 * What a {@link Command.Service} gives back. Immutable.
 *
 * @param n how many lines, bytes or profiles it tells of
 * @param why why it was not done, empty when it was
 * @param lines lines of text for the technician, without anything of a patient
 * @param sealed what only the technician can open, empty when there is nothing
 */
public record Reply(boolean done, long n, String why, List<String> lines, String sealed) {
    /** Copies the list. */
    public Reply {
        lines = List.copyOf(lines);
    }

    public static Reply done(long n) {
        return new Reply(true, n, "", List.of(), "");
    }

    public static Reply lines(List<String> lines) {
        return new Reply(true, lines.size(), "", lines, "");
    }

    public static Reply sealed(long n, String sealed) {
        return new Reply(true, n, "", List.of(), sealed);
    }

    public static Reply refused(String why) {
        return new Reply(false, 0, why, List.of(), "");
    }
}
