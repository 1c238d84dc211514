package org.wasla.gateway.acts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A day is played many times: messages come again in any order, the plug is pulled between any two steps, the state is kept
 * at any time. The acts are those of the day on which nothing went wrong, each once.
 */
class ActsRedeliveryTest {
    private static final int DAYS = 100;
    private BigDecimal volume = BigDecimal.ZERO;

    private static String result(int specimen, int run) {
        return "\"n\":\"hgb\",\"r\":\"HGB\",\"l\":\"718-7\",\"v\":1" + specimen % 7
                + ".0,\"st\":\"F\",\"dt\":\"2026-06-16T08:" + (10 + specimen) + ":0" + run + "\"";
    }

    private static void closed(Box box, int study) {
        box.put(
                "dicom-ct1",
                "evt",
                "\"pat\":{\"ref\":\"p:" + study % 3
                        + "\",\"how\":\"study\",\"st\":\"F\"},\"e\":\"study-closed\",\"study\":\"2.25." + study
                        + "\",\"mod\":\"CT\",\"ser\":[{\"mod\":\"CT\",\"body\":\"CHEST\"}]");
    }

    /** The day as it is, step by step. */
    private List<Consumer<Box>> day(Random random) {
        List<Consumer<Box>> steps = new ArrayList<>();
        volume = BigDecimal.ZERO;
        for (int i = 0; i < 60; i++) {
            int now = i;
            boolean isHeld = random.nextInt(12) == 0;
            String patient = i < 30 ? "" : "p:1";
            volume = isHeld ? volume : volume.add(BigDecimal.ONE);
            String shown = volume.toPlainString();
            steps.add(box -> box.nowMs += 30_000);
            steps.add(box -> box.pump(shown, isHeld ? "0" : "5", patient));
            if (i % 4 == 0) {
                steps.add(box -> box.result("S-" + now / 8, result(now / 8, now % 8 == 0 ? 0 : 1)));
            }
            if (i % 10 == 0) {
                steps.add(box -> closed(box, now / 20));
            }
        }
        steps.add(box -> box.nowMs += Box.QUIET_MS + 1);
        return steps;
    }

    private static void disturb(Box box, Random random) {
        switch (random.nextInt(9)) {
            case 0 -> {
                int specimen = random.nextInt(8);
                if (box.ids().contains(first(specimen))) {
                    box.result("S-" + specimen, result(specimen, 0));
                }
            }
            case 1 -> box.follow();
            case 2 -> {
                box.follow();
                box.crash();
            }
            case 3 -> {
                // The acts are made and the power goes before they are durable.
                box.read();
                box.crash();
            }
            case 4 -> {
                box.follow();
                box.save();
            }
            case 5 -> {
                box.save();
                box.crash();
            }
            case 6 -> box.crash();
            default -> {}
        }
    }

    /** The name of a specimen's first analysis, as a box gives it. */
    private static String first(int specimen) {
        Box box = new Box();
        box.result("S-" + specimen, result(specimen, 0));
        return box.follow().get(0).id();
    }

    @Test
    void theActsOfADayAreTheSameWhateverHappens() {
        int acts = 0;
        for (int seed = 0; seed < DAYS; seed++) {
            List<Consumer<Box>> day = day(new Random(seed));
            Box calm = new Box();
            for (Consumer<Box> step : day) {
                step.accept(calm);
                calm.follow();
            }
            Box rough = new Box();
            Random random = new Random(seed);
            for (Consumer<Box> step : day) {
                step.accept(rough);
                disturb(rough, random);
            }
            rough.follow();
            rough.nowMs += Box.QUIET_MS + 1;
            rough.follow();
            assertEquals(new TreeSet<>(calm.ids()), new TreeSet<>(rough.ids()), "seed " + seed);
            assertEquals(rough.ids().size(), new HashSet<>(rough.ids()).size(), "one twice, seed " + seed);
            assertEquals(repeats(calm), repeats(rough), "seed " + seed);
            acts += calm.ids().size();
        }
        assertTrue(acts > 20 * DAYS, "acts " + acts);
    }

    private static long repeats(Box box) {
        return box.told.stream()
                .filter(act -> act.facts().containsKey("repeat"))
                .count();
    }
}
