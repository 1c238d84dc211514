package org.wasla.gateway.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.patient.Beds;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.ward.RegistrySettings;

/** Reads the sections {@code adt} and {@code patient}. Stateless. */
final class PatientsReader {
    private static final long IDLE_MS = 30 * 60_000L;

    private PatientsReader() {}

    /** @param buffer the folder of the buffer: that of patients lies beside it */
    static Config.Patients read(Section adt, Section patient, @Nullable RegistrySettings registry, Path buffer) {
        int port = adt.whole("listen", 1, 65_535, 0);
        boolean attributes = adt.flag("attributes", false);
        Section table = adt.section("beds");
        Map<String, String> beds = new HashMap<>();
        for (String bed : table.keys()) {
            beds.put(bed, table.need(bed, "rea1/b07").text());
        }
        boolean isAsked = port > 0 || !patient.keys().isEmpty() || registry != null;
        Path whole = buffer.toAbsolutePath().normalize();
        Config.Patients patients = new Config.Patients(
                isAsked,
                port,
                new Beds(beds),
                attributes,
                patient.get("dir").flatMap(Entry::file).orElse(whole.resolveSibling(whole.getFileName() + "-patients")),
                patient.millis("idle", IDLE_MS),
                patient.text("authority", ""),
                patient.get("wristband").map(Entry::pattern).orElse(null),
                registry);
        adt.end();
        patient.end();
        return patients;
    }
}
