package org.wasla.gateway.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.enrol.Identity;
import org.wasla.gateway.enrol.IdentityFolder;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Problems;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.trust.EnrolToken;

/** Reads {@code enrol}: where the box's certificate stands, and who renews it. Stateless. */
public final class EnrolReader {
    /** Where an identity stands when nothing else is written. */
    public static final Path DIR = Path.of("/var/lib/wasla/identity");

    private EnrolReader() {}

    /**
     * Immutable.
     *
     * @param url where to renew; null: where the box was enrolled
     * @param isUsed whether the section is written or an identity is there
     * @param servers brokers that the region named, none when it named none or the box is not enrolled
     */
    public record Enrol(@Nullable URI url, Path dir, boolean isUsed, List<URI> servers) {
        public Enrol {
            servers = List.copyOf(servers);
        }

        public IdentityFolder folder() {
            return new IdentityFolder(dir);
        }

        /** The region's CA, null where the box has nothing to do with enrolment. */
        @Nullable
        Path ca() {
            return isUsed ? folder().ca() : null;
        }

        /** The box's key, null as before. */
        @Nullable
        Path key() {
            return isUsed ? folder().key() : null;
        }
    }

    /** What {@code wasla enrol} needs of a configuration that may lack everything else. */
    public record Box(String gateway, String site, Path dir, Path buffer) {}

    /** Reads that alone; other sections may be wrong or missing. */
    public static Box box(Path file, Problems problems) {
        Section root = Section.read(file, problems);
        Section gateway = root.need("gateway", "{id: gw-7f3a9c21, region: ma-06, site: chu-ibnrochd}")
                .section();
        String id = gateway.need("id", "gw-7f3a9c21").text();
        String site = gateway.need("site", "chu-ibnrochd").text();
        Path buffer = root.section("buffer").get("dir").flatMap(Entry::file).orElse(ConfigReader.BUFFER);
        Path dir = root.section("enrol").get("dir").flatMap(Entry::file).orElse(DIR);
        return new Box(id, site, dir, buffer);
    }

    static Enrol read(Section root, String gateway) {
        boolean isWritten = root.has("enrol");
        Section section = root.section("enrol");
        URI url = section.get("url").map(EnrolReader::url).orElse(null);
        Path dir = section.get("dir").flatMap(Entry::file).orElse(DIR);
        section.end();
        IdentityFolder folder = new IdentityFolder(dir);
        boolean isThere = !folder.mark().isEmpty();
        if (!isThere) {
            return new Enrol(url, dir, isWritten, List.of());
        }
        try {
            Optional<Identity> identity = folder.load();
            String of = identity.map(Identity::gateway).orElse(gateway);
            if (!of.equals(gateway)) {
                section.problem(
                        "has in " + dir + " the certificate of '" + of + "', and this box is '" + gateway + "'",
                        "correct gateway.id, or enrol this box under its own name");
            }
            return new Enrol(url, dir, true, folder.servers());
        } catch (IOException damaged) {
            // The devices are read all the same; the agent's log and health tell of it.
            return new Enrol(url, dir, true, List.of());
        }
    }

    private static @Nullable URI url(Entry entry) {
        try {
            URI uri = new URI(entry.text());
            if (EnrolToken.isEndpoint(uri)) {
                return uri;
            }
        } catch (URISyntaxException none) {
            // told below
        }
        entry.problem("is '" + entry.text() + "'", "write https://HOST:PORT, such as https://enrol.example:8443");
        return null;
    }
}
