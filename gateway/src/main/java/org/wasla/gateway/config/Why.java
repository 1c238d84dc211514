package org.wasla.gateway.config;

import java.nio.file.Path;
import java.util.List;
import org.wasla.gateway.profile.Problems;

/** Where something of a state is wrong, and what. Immutable. */
public record Why(String at, String what) {
    /** Mistakes as they are reported: place and line, what is wrong, what to write instead. */
    public static List<Why> of(Problems problems) {
        return problems.list().stream()
                .map(each -> new Why(place(each.file()) + " line " + each.line(), each.what() + "; " + each.remedy()))
                .toList();
    }

    /** A profile by its id: where it stands on the box is nobody's business. */
    private static String place(String file) {
        Path path = Path.of(file);
        Path folder = path.getParent();
        Path name = path.endsWith("profile.yaml") && folder != null ? folder.getFileName() : path.getFileName();
        return String.valueOf(name);
    }
}
