package org.wasla.gateway.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A figure that nobody can read at a bed is none. */
class SheetTest {
    private static final Map<String, @Nullable Object> HEALTH = Map.of(
            "t",
            "1781596804105",
            "up",
            "7260",
            "uplink",
            Map.of("last", "1781596804105"),
            "devices",
            List.of(
                    Map.of("dev", "oxi-b07", "last", String.valueOf(1_781_596_804_105L - 185_000)),
                    Map.of("dev", "vent-b07")));

    private static List<String> lasts(String language, Map<String, @Nullable Object> health) {
        return new Sheet(Words.in(language), ZoneId.of("Africa/Casablanca")).lasts(health);
    }

    @Test
    void whenEachWasHeardLastIsToldWithItsAgeInWords() {
        assertEquals(
                List.of(
                        "device   oxi-b07      last record 2026-06-16 08:56, 3 minutes ago",
                        "device   vent-b07     no record since the agent was started, 2 hours ago",
                        "uplink   last record acknowledged 2026-06-16 09:00, less than a minute ago"),
                lasts("en", HEALTH));
        assertEquals(
                List.of(
                        "appareil oxi-b07      dernier enregistrement 2026-06-16 08:56, il y a 3 minutes",
                        "appareil vent-b07     aucun enregistrement depuis le démarrage de l'agent, il y a 2 heures",
                        "liaison  dernier enregistrement acquitté 2026-06-16 09:00, il y a moins d'une minute"),
                lasts("fr", HEALTH));
    }

    @Test
    void withoutAnAgentThereIsNothingToTell() {
        assertEquals(List.of(), lasts("en", Map.of()));
    }
}
