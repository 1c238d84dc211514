package org.wasla.gateway.imaging;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the box serves steps, commitment and worklist. Immutable.
 *
 * @param reports where a title takes reports of storage commitment that come on an association of ours
 * @param charsets in which a title wants its worklist, as values of (0008,0005); UTF-8 or as it asks where none is given
 * @param upstream the hospital's own worklist, or null
 */
public record StepSettings(
        Map<String, Address> reports,
        Map<String, String> charsets,
        @Nullable Upstream upstream) {
    public static final StepSettings NONE = new StepSettings(Map.of(), Map.of(), null);

    public StepSettings {
        reports = Map.copyOf(reports);
        charsets = Map.copyOf(charsets);
    }

    /** @param host empty: the one that the request came from */
    public record Address(String host, int port) {}

    /** @param everyMs how often it is asked */
    public record Upstream(String title, Address address, long everyMs) {}
}
