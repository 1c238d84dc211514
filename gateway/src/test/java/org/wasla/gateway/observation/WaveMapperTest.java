package org.wasla.gateway.observation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message;
import org.wasla.gateway.message.Message.Item;
import org.wasla.gateway.message.Message.Samples;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Mapping.Counter;
import org.wasla.gateway.observation.Mapping.Target;
import org.wasla.gateway.observation.Mapping.WaveRule;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.RecordBody.Wave;

/** A wave whose lost samples are not counted moves against the clock, beat by beat. */
class WaveMapperTest {
    private static final Scale BYTE = new Scale("20", "0", "255", 0, 255, null);

    private static Mapper mapper(int gather) {
        WaveRule rule = new WaveRule(
                new Target(List.of(), "CO2"), Meaning.unmapped("CO2"), BYTE, null, gather, new Counter("number", 256));
        Target number = new Target(List.of(), "number");
        return new Mapper(new Mapping(
                List.of(),
                List.of(),
                List.of(),
                List.of(rule),
                List.of(),
                List.of(new Mapping.Omitted(number, "counts messages")),
                Mapping.Misfit.TEXT));
    }

    private static List<Wave> waves(Mapper mapper, Object number, Integer... samples) {
        Message message = new Message(
                "wave", List.of(new Item("number", number.toString()), new Samples("CO2", List.of(samples))));
        List<Wave> waves = new ArrayList<>();
        mapper.map(message).bodies().forEach(body -> waves.add((Wave) body));
        return waves;
    }

    private static Wave wave(long first, List<Integer> samples, Wave.Gap... gaps) {
        return new Wave(Meaning.unmapped("CO2"), BYTE, first, samples, List.of(gaps), null);
    }

    @Test
    void lostMessagesAreAGapInFrontOfTheNext() {
        Mapper mapper = mapper(1);
        assertEquals(List.of(wave(0, List.of(1, 2))), waves(mapper, 7, 1, 2));
        assertEquals(List.of(wave(2, List.of(3, 4))), waves(mapper, 8, 3, 4));
        assertEquals(List.of(wave(8, List.of(5, 6), new Wave.Gap(4, 4))), waves(mapper, 11, 5, 6));
        assertEquals(List.of(wave(10, List.of(7, 8))), waves(mapper, 12, 7, 8));
    }

    @Test
    void theNumbersBeginAnewBehindTheLast() {
        Mapper mapper = mapper(1);
        waves(mapper, 254, 1);
        assertEquals(List.of(wave(1, List.of(2))), waves(mapper, 255, 2));
        assertEquals(List.of(wave(2, List.of(3))), waves(mapper, 0, 3));
        assertEquals(List.of(wave(131, List.of(4), new Wave.Gap(3, 128))), waves(mapper, 129, 4), "half of them");
    }

    /** A device that started anew counts from anywhere: a gap that is not known is not told. */
    @Test
    void aJumpThatTellsNothingIsNoGap() {
        Mapper mapper = mapper(1);
        waves(mapper, 100, 1);
        assertEquals(List.of(wave(1, List.of(2))), waves(mapper, 230, 2), "more than half");
        assertEquals(List.of(wave(2, List.of(3))), waves(mapper, 230, 3), "the same again");
        assertEquals(List.of(wave(3, List.of(4))), waves(mapper, "?", 4), "no number");
        mapper.lost();
        assertEquals(List.of(wave(4, List.of(5))), waves(mapper, 240, 5), "silent in between");
    }

    @Test
    void aGapEndsWhatIsGatheredAndGoesWithTheNext() {
        Mapper mapper = mapper(3);
        assertEquals(List.of(), waves(mapper, 1, 10));
        assertEquals(List.of(), waves(mapper, 2, 11));
        assertEquals(List.of(wave(0, List.of(10, 11))), waves(mapper, 5, 14));
        assertEquals(List.of(), waves(mapper, 6, 15));
        assertEquals(List.of(wave(4, List.of(14, 15, 16), new Wave.Gap(2, 2))), waves(mapper, 7, 16));
        assertEquals(List.of(), waves(mapper, 8, 17));
    }

    @Test
    void aGapLeavesTheRangeInForce() {
        Mapper mapper = mapper(1);
        waves(mapper, 1, 10);
        List<Wave> waves = waves(mapper, 3, 300, 11);
        assertEquals(2, waves.size());
        assertEquals(List.of(), waves.get(0).samples());
        assertEquals(Flag.INVALID, waves.get(0).flag());
        assertEquals(List.of(new Wave.Gap(1, 2)), waves.get(0).gaps());
        assertEquals(wave(4, List.of(11)), waves.get(1));
    }

    @Test
    void aToldRateTakesThePlaceOfTheProfiles() {
        Mapper mapper = mapper(1);
        Message message = new Message("wave", List.of(new Samples("CO2", List.of(1), Scale.rate(50), null)));
        Wave wave = (Wave) mapper.map(message).bodies().get(0);
        assertEquals(BYTE.at("50"), wave.scale());
    }
}
