package org.wasla.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.patient.Beds;
import org.wasla.gateway.profile.Entry;
import org.wasla.gateway.profile.Section;
import org.wasla.gateway.ward.AdtSettings;
import org.wasla.gateway.ward.RegistrySettings;

/** Reads the sections {@code adt} and {@code patient}. Stateless. */
final class PatientsReader {
    private static final long IDLE_MS = 30 * 60_000L;
    private static final long KEEP_MS_MIN = 86_400_000;
    private static final long KEEP_MS = 90 * KEEP_MS_MIN;

    private PatientsReader() {}

    /** @param buffer the folder of the buffer: that of patients lies beside it */
    static Config.Patients read(Section adt, Section patient, @Nullable RegistrySettings registry, Path buffer) {
        int port = adt.whole("listen", 1, 65_535, 0);
        AdtSettings settings = new AdtSettings(port, peers(adt), adt.has("tls") ? tls(adt.section("tls")) : null);
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
                settings,
                new Beds(beds),
                attributes,
                patient.get("dir").flatMap(Entry::file).orElse(whole.resolveSibling(whole.getFileName() + "-patients")),
                patient.millis("idle", IDLE_MS),
                patient.text("authority", ""),
                patient.get("wristband").map(Entry::pattern).orElse(null),
                keep(patient),
                registry);
        adt.end();
        patient.end();
        return patients;
    }

    /** An order may name a patient for 30 days, and a stay may be long: less than a day forgets who was seen this morning. */
    private static long keep(Section patient) {
        long keepMs = patient.millis("keep", KEEP_MS);
        if (keepMs != 0 && keepMs < KEEP_MS_MIN) {
            patient.need("keep", "90d").problem("is shorter than a day", "write 1d or more, or 0s to forget nobody");
        }
        return keepMs;
    }

    private static List<AdtSettings.Network> peers(Section adt) {
        List<AdtSettings.Network> peers = new ArrayList<>();
        for (Entry entry : adt.list("peers")) {
            Optional<AdtSettings.Network> peer = AdtSettings.Network.of(entry.text());
            peer.ifPresent(peers::add);
            if (peer.isEmpty()) {
                entry.problem(
                        "is '" + entry.text() + "', no address",
                        "write addresses or networks: [192.168.1.20, 10.20.0.0/16]");
            }
        }
        return peers;
    }

    private static AdtSettings.@Nullable Tls tls(Section section) {
        Optional<Path> key = DicomReader.readable(section.need("key", "/etc/wasla/adt.p12"));
        Path ca = section.get("ca").flatMap(DicomReader::readable).orElse(null);
        section.end();
        return key.map(file -> new AdtSettings.Tls(file, ca)).orElse(null);
    }
}
