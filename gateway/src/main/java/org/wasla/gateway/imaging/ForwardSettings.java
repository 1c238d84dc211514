package org.wasla.gateway.imaging;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.dicom.FileHead;

/**
 * Where objects go from here, and when they may go from here for good. Immutable.
 *
 * @param deletes whether objects are deleted that every destination which takes them has
 * @param keepMs how long those are kept all the same while there is room
 */
public record ForwardSettings(List<Destination> destinations, boolean deletes, long keepMs) {
    /** Nothing is forwarded and nothing deleted. */
    public static final ForwardSettings NONE = new ForwardSettings(List.of(), false, 0);

    public ForwardSettings {
        destinations = List.copyOf(destinations);
    }

    /**
     * One destination.
     *
     * @param name what it is called in logs, figures and orders, and how its progress is found again after a start
     * @param calling our title there
     * @param only what it takes; nothing set is everything
     * @param not what it does not take
     * @param deidentifies whether it must not learn whose objects are
     * @param takesBurntIn whether it gets, de-identified, what may show a name in its pixels
     * @param pauseMsMax the longest pause before a further try
     */
    public record Destination(
            String name,
            Target target,
            String calling,
            Filter only,
            Filter not,
            boolean deidentifies,
            boolean takesBurntIn,
            long pauseMsMax) {}

    /** Where it is. */
    public sealed interface Target {}

    /** A DICOM node that takes C-STORE. */
    public record Node(
            String title, String host, int port, @Nullable Keys tls) implements Target {}

    /**
     * A service that takes STOW-RS (PS3.18 section 10.5).
     *
     * @param base what {@code /studies} is put behind; without user and password
     * @param authorization value of the header of that name, or null
     */
    public record Web(
            URI base,
            @Nullable String authorization,
            @Nullable Keys tls) implements Target {
        @Override
        public String toString() {
            return "Web[" + base + "]";
        }
    }

    /**
     * TLS towards a destination.
     *
     * @param ca PEM file of those who sign its certificate; null: those that Java knows
     * @param key PKCS12 file of our own certificate, or null
     */
    public record Keys(@Nullable Path ca, @Nullable Path key) {}

    /** Kinds of objects. */
    public record Filter(Set<String> modalities, Set<String> callers, Set<String> classes) {
        public static final Filter NONE = new Filter(Set.of(), Set.of(), Set.of());

        public Filter {
            modalities = Set.copyOf(modalities);
            callers = Set.copyOf(callers);
            classes = Set.copyOf(classes);
        }

        boolean asksModality() {
            return !modalities.isEmpty();
        }

        /** Whether each list that is not empty holds the object's. */
        boolean holds(String modality, FileHead head) {
            return (modalities.isEmpty() || modalities.contains(modality))
                    && (callers.isEmpty() || callers.contains(head.sender()))
                    && (classes.isEmpty() || classes.contains(head.sopClass()));
        }

        /** Whether any list holds the object's. */
        boolean names(String modality, FileHead head) {
            return modalities.contains(modality)
                    || callers.contains(head.sender())
                    || classes.contains(head.sopClass());
        }
    }
}
