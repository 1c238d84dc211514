package org.wasla.gateway.uplink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Entry;
import org.wasla.gateway.outbox.Gaps;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.OutboxSettings;
import org.wasla.gateway.outbox.Urgency;

/** Topic, class of data and time beside a payload tell as much as the payload. */
class PublicationsTest {
    @TempDir
    Path folder;

    private Outbox outbox;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(new OutboxSettings(folder.resolve("buffer"), 16L << 20, 0), Gaps::event);
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    private String late(String kind) throws IOException {
        byte[] json = "{\"v\":1}".getBytes(StandardCharsets.UTF_8);
        outbox.append(List.of(new Draft("gw-1", kind, Urgency.RESULT, 1_000, (epoch, seq) -> json)));
        Entry entry = outbox.stream("gw-1", kind, 1, 1, 1).get(0);
        UplinkSettings settings = new UplinkSettings(
                List.of(URI.create("mqtt://127.0.0.1:1")),
                null,
                null,
                "gw-1",
                "test",
                UplinkSettings.Encoding.PLAIN,
                UplinkSettings.Flow.FREE);
        Publication of = new Publications(settings, new Topics("ma-06", "chu-1", "gw-1"), outbox, () -> 5_000)
                .of(new Parcel(List.of(entry), Payload.plain(entry.payload()), true, null));
        return of.topic()
                + ' '
                + of.kind()
                + ' '
                + of.cls()
                + ' '
                + new String(of.payload().bytes(), StandardCharsets.UTF_8);
    }

    // How late a signal is would tell when its box was cut off.
    @Test
    void aLateSignalSaysNothingOfIt() throws IOException {
        assertEquals("wasla-epi/1/ma-06/signal epi deid {\"v\":1}", late("epi"));
    }

    @Test
    void indicatorsHaveATopicForEachKindOfPeriod() throws IOException {
        assertEquals("wasla-agg/1/ma-06/chu-1/gw-1/minute agg ops {\"v\":1,\"late\":4000}", late("agg-minute"));
        assertEquals("wasla-agg/1/ma-06/chu-1/gw-1/day agg ops {\"v\":1,\"late\":4000}", late("agg-day"));
        assertEquals("wasla/1/ma-06/chu-1/gw-1/d/gw-1/res res phi {\"v\":1,\"late\":4000}", late("res"));
    }
}
