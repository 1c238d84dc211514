package org.wasla.gateway.doctor;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.uplink.Knock;
import org.wasla.gateway.uplink.UplinkSettings;

/** Tries the way to each broker. Stateless. */
public final class BrokerLook {
    private BrokerLook() {}

    /** One finding for every broker that cannot be reached; a note when another of them can. */
    public static List<Advice> at(Config config, String software) {
        UplinkSettings settings = new UplinkSettings(
                config.uplink().servers(),
                config.uplink().ca(),
                config.uplink().key(),
                config.gateway().id(),
                software,
                config.uplink().encoding(),
                config.uplink().flow());
        List<Advice> found = new ArrayList<>();
        for (URI server : settings.servers()) {
            Knock.Answer answer = Knock.at(server, settings);
            if (answer.step() != Knock.Step.OPEN) {
                found.add(of(server, answer));
            }
        }
        return found.size() < settings.servers().size()
                ? found.stream()
                        .map(each -> Advice.note(each.id(), each.details().toArray(String[]::new)))
                        .toList()
                : found;
    }

    private static Advice of(URI server, Knock.Answer answer) {
        String host = String.valueOf(server.getHost());
        String port = String.valueOf(
                server.getPort() > 0 ? server.getPort() : "mqtts".equals(server.getScheme()) ? 8883 : 1883);
        return switch (answer.step()) {
            case NAME -> Advice.wrong("broker.name", host);
            case PORT -> Advice.wrong("broker.port", host, port, answer.cause());
            case TLS -> Advice.wrong("broker.tls", host, port, answer.cause());
            default -> Advice.wrong("broker.mqtt", host, port, answer.cause());
        };
    }
}
