package org.wasla.gateway.imaging;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.observation.RecordBody.Wave;

/**
 * One channel of a waveform object. Immutable.
 *
 * @param facts group, originality, label, filters and skew as sent
 * @param waves its samples in pieces that fit a record; none where they are not held or not plain numbers
 */
public record ExtractChannel(Map<String, String> facts, List<Wave> waves) {
    public ExtractChannel {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        waves = List.copyOf(waves);
    }
}
