package org.wasla.gateway.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    private final Exposition exposition = new Exposition();

    private List<String> samples(String health) {
        return exposition
                .of(health)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    @Test
    void whatIsNotKnownHasNoSample() {
        assertEquals(List.of("wasla_up_seconds 12"), samples("{\"v\":1,\"gw\":\"gw-1\",\"up\":12}"));
        assertEquals("", exposition.of("{}"));
    }

    @Test
    void unitsBecomeSecondsAndWordsBecomeLabels() {
        assertEquals(
                List.of(
                        "wasla_clock_state{state=\"holdover\"} 1",
                        "wasla_clock_error_seconds 0.012",
                        "wasla_buffer_waiting_records{lane=\"alarm\"} 0",
                        "wasla_buffer_waiting_records{lane=\"wave\"} 7",
                        "wasla_buffer_oldest_seconds{lane=\"wave\"} 1.5",
                        "wasla_buffer_full_in_seconds 9000",
                        "wasla_buffer_full 0",
                        "wasla_uplink_connected 1"),
                samples("{\"clk\":{\"s\":\"holdover\",\"e\":12},\"buffer\":{\"lanes\":{\"alarm\":{\"waiting\":0},"
                        + "\"wave\":{\"waiting\":7,\"oldestMs\":1500}},\"hoursToFull\":2.5,\"full\":false},"
                        + "\"uplink\":{\"connected\":true,\"held\":[{\"topic\":\"t\",\"times\":3,\"ends\":false}]}}"));
    }

    @Test
    void entriesOfAListAreToldApart() {
        assertEquals(
                List.of(
                        "wasla_device_state{dev=\"oxi\",prof=\"p@1\",state=\"linked\"} 1",
                        "wasla_device_state{dev=\"vent\",prof=\"q@1\",state=\"silent\"} 1",
                        "wasla_device_frames_total{dev=\"oxi\"} 10",
                        "wasla_device_frames_total{dev=\"vent\"} 0",
                        "wasla_device_bad_frames_total{dev=\"oxi\",reason=\"checksum\"} 1",
                        "wasla_hospital_waiting_alarms{to=\"his\"} 2"),
                samples("{\"devices\":[{\"dev\":\"oxi\",\"prof\":\"p@1\",\"s\":\"linked\",\"frames\":10,"
                        + "\"bad\":{\"checksum\":1}},{\"dev\":\"vent\",\"prof\":\"q@1\",\"s\":\"silent\",\"frames\":0,"
                        + "\"bad\":{}}],\"hospital\":[{\"to\":\"his\",\"waiting-alarm\":2}]}"));
    }

    @Test
    void labelsCannotEndTheirQuotes() {
        assertEquals(
                List.of("wasla_device_bad_frames_total{dev=\"o\\\"x\\\\\\n\",reason=\"a\"} 1"),
                samples("{\"devices\":[{\"dev\":\"o\\\"x\\\\\\n\",\"bad\":{\"a\":1}}]}"));
    }

    @Test
    void whatIsNoDocumentIsAFaultOfOurs() {
        assertThrows(IllegalStateException.class, () -> exposition.of("{\"up\":"));
    }

    /** Prometheus's own conventions: base units in the name, counters end in total. */
    @Test
    void namesFollowTheConventions() {
        List<String> names = new ArrayList<>();
        for (Metric metric : Metric.all()) {
            assertTrue(metric.name().matches("wasla_[a-z]+(_[a-z]+)*"), metric.name());
            assertEquals(metric.type() == Metric.Type.COUNTER, metric.name().endsWith("_total"), metric.name());
            assertFalse(metric.help().isBlank() || metric.french().isBlank(), metric.name());
            names.add(metric.name());
        }
        assertEquals(names.stream().distinct().collect(Collectors.toList()), names);
    }
}
