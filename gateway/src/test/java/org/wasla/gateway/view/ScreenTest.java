package org.wasla.gateway.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.wasla.gateway.message.Message.Scale;
import org.wasla.gateway.observation.Flag;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.observation.Mapped;
import org.wasla.gateway.observation.Observation;
import org.wasla.gateway.observation.Observation.Meaning;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordBody.Wave;

/** The page shows what stands on the device's screen: no digit more, no value that is gone, no wave that was not sent. */
class ScreenTest {
    private static final Meaning PLETH = new Meaning("pleth", "PLETH", null, "pleth", null, null, null);
    private final Screen screen = new Screen();

    private void wave(long first, List<Integer> samples, Wave.Gap... gaps) {
        Scale scale = new Scale("75", "0", "255", 0, 255, null);
        screen.said("oxi-1", Mapped.of(new Wave(PLETH, scale, first, samples, List.of(gaps), null)), 5);
    }

    private List<Integer> drawn() {
        return screen.look("oxi-1").waves().get(0).samples();
    }

    @Test
    void whatIsMissingOfAWaveIsNotDrawn() {
        wave(100, List.of(1, 2));
        wave(104, List.of(5, 8), new Wave.Gap(105, 2));
        assertEquals(List.of(1, 2, Screen.MISSING, Screen.MISSING, 5, Screen.MISSING, Screen.MISSING, 8), drawn());
        assertEquals(List.of(), drawn(), "each sample is told once");
        wave(0, List.of(7));
        assertEquals(List.of(7), drawn(), "the line was opened anew");
        wave(1, IntStream.range(0, 5_000).boxed().toList());
        assertEquals(2_000, drawn().size(), "bounded");
    }

    @Test
    void aValueIsShownWithItsDigitsOrWithItsReason() {
        Meaning temperature = new Meaning("t", "T1", null, "temp", null, "Cel", null);
        Observation present = new Observation(temperature, new Observation.Value.Quantity("36.80"), null, null, null);
        screen.said("mon-1", Mapped.of(new RecordBody.Numerics(List.of(present))), 5);
        assertTrue(json("mon-1").contains("\"r\":\"T1\",\"v\":\"36.80\",\"u\":\"Cel\""), json("mon-1"));
        Observation absent = new Observation(temperature, null, Flag.OFF, "sensor-off", null);
        screen.said("mon-1", Mapped.of(new RecordBody.Numerics(List.of(absent))), 6);
        assertTrue(json("mon-1").contains("\"q\":\"off\",\"why\":\"sensor-off\""), json("mon-1"));
        assertTrue(!json("mon-1").contains("\"v\":") && !json("mon-1").contains("\"s\":"), json("mon-1"));
        screen.said("mon-1-2", Mapped.of(new RecordBody.Numerics(List.of(present))), 6);
        assertEquals(List.of("mon-1", "mon-1-2"), screen.devices("mon-1"));
        screen.clear("mon-1");
        assertEquals(List.of(), screen.look("mon-1").values(), "a device that is not heard shows nothing");
        assertEquals(List.of(), screen.devices("mon-1"));
    }

    private String json(String device) {
        return JsonText.write(text -> {
            text.writeFieldName("d");
            ScreenJson.write(text, device, screen.look(device), null, null);
        });
    }
}
