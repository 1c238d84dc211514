package org.wasla.gateway.render;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ca.uhn.hl7v2.HL7Exception;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The messages that the integrator's pages show are those that are sent for these records. */
class PcdPageTest {
    private static final List<Path> PAGES = List.of(Path.of("../ops/HOSPITAL.md"), Path.of("../ops/HOPITAL.md"));
    private static final long NOW_MS = 1_781_596_861_000L;
    private static final Pcd.Source SOURCE = new Pcd.Source(
            "chu-ibnrochd",
            ZoneId.of("Africa/Casablanca"),
            "pulse oximeter",
            Map.of(150456, "MDC_PULS_OXIM_SAT_O2", 149530, "MDC_PULS_OXIM_PULS_RATE"),
            "HIS",
            "CHU");
    private static final String HEAD =
            "{\"v\":1,\"id\":\"gw-7f3a9c21.c81f2b7e.oxi-b07.%1$s.%2$d\",\"gw\":\"gw-7f3a9c21\","
                    + "\"ep\":\"c81f2b7e\",\"dev\":\"oxi-b07\",\"k\":\"%1$s\",\"seq\":%2$d,\"loc\":\"rea1/b07\",\"t\":1781596804105,"
                    + "\"dt\":\"2026-06-16T08:00:04\",\"pat\":{\"ref\":\"p:9f2c41d07ab35e18\",\"as\":\"a-81\",\"how\":\"scanned\","
                    + "\"st\":\"F\"},";

    private static byte[] record(String kind, int seq, String rest) {
        return (String.format(HEAD, kind, seq) + rest + '}').getBytes(StandardCharsets.UTF_8);
    }

    private static void assertShown(Pcd.@Nullable Message message) throws IOException, HL7Exception {
        assertNotNull(message);
        Judge.parsed(message);
        String shown = Judge.text(message).replace('\r', '\n');
        for (Path page : PAGES) {
            assertTrue(Files.readString(page).contains("```\n" + shown + "```"), page + " does not show\n" + shown);
        }
    }

    @Test
    void theValuesOfThePageAreWhatIsSent() throws IOException, HL7Exception {
        assertShown(Pcd01.message(
                List.of(record(
                        "obs",
                        1000,
                        "\"obs\":[{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\",\"v\":98,\"u\":\"%\"},"
                                + "{\"c\":149530,\"n\":\"pulse\",\"r\":\"BPM\",\"u\":\"/min\",\"q\":\"off\",\"why\":\"sensor-off\"},"
                                + "{\"n\":\"pvi\",\"r\":\"PVI\",\"v\":14,\"u\":\"%\",\"q\":\"questionable\"}]")),
                SOURCE,
                NOW_MS));
    }

    @Test
    void theAlarmOfThePageIsWhatIsSent() throws IOException, HL7Exception {
        assertShown(Pcd04.message(
                record(
                        "alarm",
                        13,
                        "\"a\":\"spo2-low\",\"phase\":\"end\",\"kind\":\"phys\",\"prio\":\"high\",\"state\":\"inactive\","
                                + "\"r\":\"ALARM\",\"txt\":\"SpO2 low\",\"src\":{\"c\":150456,\"n\":\"spo2\",\"r\":\"SPO2\"}"),
                "gw-7f3a9c21.c81f2b7e.oxi-b07.alarm.12",
                SOURCE,
                NOW_MS));
    }
}
