package org.wasla.gateway.config;

import org.wasla.gateway.profile.Section;

/** Reads {@code fhir}: how often a shared record is told what. Stateless. */
public final class FhirReader {
    private static final long EVERY_MS = 60_000;
    private static final long EVERY_MS_MIN = 10_000;
    private static final long WAVES_MS_MIN = 1_000;
    private static final long WAVES_MS_MAX = 10_000;

    private FhirReader() {}

    /**
     * How often, and how much.
     *
     * @param everyMs how often values are rendered, 0: nothing is
     * @param waveSeconds the length of the excerpt of each wave, 0: waves are not rendered
     */
    public record Rates(long everyMs, int waveSeconds) {}

    static Rates read(Section root) {
        if (!root.has("fhir")) {
            return new Rates(0, 0);
        }
        Section section = root.section("fhir");
        long everyMs = section.millis("every", EVERY_MS);
        if (everyMs < EVERY_MS_MIN) {
            section.problem("asks for a bundle every " + everyMs + " ms", "write every: 10s or more, such as 60s");
        }
        long wavesMs = section.millis("waves", 0);
        boolean isLength = wavesMs >= WAVES_MS_MIN && wavesMs <= WAVES_MS_MAX && wavesMs % 1_000 == 0;
        if (wavesMs != 0 && !isLength) {
            section.need("waves", "10s")
                    .problem("is no length of an excerpt", "write whole seconds from 1s to 10s, or leave it out");
        }
        section.end();
        return new Rates(everyMs, isLength ? (int) (wavesMs / 1_000) : 0);
    }
}
