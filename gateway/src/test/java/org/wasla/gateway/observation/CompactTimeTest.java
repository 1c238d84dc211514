package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A time that was not sent to the second must not become one, and none that is impossible may be told (lab.md 1.3). */
class CompactTimeTest {
    @ParameterizedTest
    @CsvSource({
        "202606160804, 2026-06-16T08:04",
        "20260616080405, 2026-06-16T08:04:05",
        "20260616080405.1, 2026-06-16T08:04:05.1",
        "20260616080405.1234, 2026-06-16T08:04:05.1234",
        "20260616080405+0100, 2026-06-16T08:04:05+01:00",
        "20260616080405.12-0330, 2026-06-16T08:04:05.12-03:30",
        "202606160804+0000, 2026-06-16T08:04+00:00",
        "20240229000000, 2024-02-29T00:00:00",
        "2026-06-16T08:04:05+01:00, 2026-06-16T08:04:05+01:00",
        "2026-06-16T08:04:05-00:00, 2026-06-16T08:04:05",
    })
    void isToldAsFineAsItWasSent(String sent, String iso) {
        assertEquals(iso, CompactTime.iso(sent));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "20260616",
                "2026061608",
                "2026061608040",
                "202606160804055",
                "20261316080405",
                "20260631080405",
                "20250229080405",
                "20260616240405",
                "20260616086005",
                "20260616080460",
                "20260616080405.",
                "20260616080405.12345",
                "20260616080405+01",
                "20260616080405+01000",
                "20260616080405Z",
                "202606160804.5",
                "2026-06-16",
                "2026-06-16T24:04:05",
                " 20260616080405",
                "20260616080405 x"
            })
    void whatIsNoTimeOfDayIsNone(String sent) {
        assertNull(CompactTime.iso(sent), sent);
    }
}
