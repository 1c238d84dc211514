package org.wasla.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.doctor.Advice;
import org.wasla.gateway.doctor.BoxLook;
import org.wasla.gateway.doctor.BrokerLook;
import org.wasla.gateway.doctor.LineLook;
import org.wasla.gateway.doctor.PortLook;
import org.wasla.gateway.doctor.Sheet;
import org.wasla.gateway.doctor.Words;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wasla doctor}: what is wrong, the likely cause, the next step. */
@Command(
        name = "doctor",
        description = {
            "Looks for what is wrong: configuration, agent, devices and their lines, the way to the broker, disk, clock.",
            "Tells when each device and the platform were heard last, and of each finding the likely cause and the next step. Changes nothing; within half a minute."
        },
        footer = {"", "Exit codes: 0 nothing is wrong, 1 something is, 2 configuration."})
final class DoctorVerb implements Callable<Integer> {
    @Mixin
    Examination examination = new Examination();

    @Override
    public Integer call() throws Failure, IOException {
        Config config = examination.config();
        Examination.Answer answer = examination.ask(config);
        List<Advice> found = new ArrayList<>(answer.found());
        found.addAll(LineLook.at(config, held(answer.health())));
        List<Advice> brokers = BrokerLook.at(config, Main.VERSION);
        boolean isConnected = answer.health().get("uplink") instanceof Map<?, ?> uplink
                && "true".equals(String.valueOf(uplink.get("connected")));
        for (Advice each : brokers) {
            found.add(isConnected ? new Advice(Advice.Level.NOTE, each.id(), each.details()) : each);
        }
        found.addAll(PortLook.at(config));
        found.addAll(BoxLook.at(Path.of("/"), config.buffer().dir(), System.currentTimeMillis()));
        Words words = examination.words();
        if (examination.json) {
            System.out.println(examination.json(found, answer));
        } else {
            Sheet sheet = new Sheet(words, ZoneId.systemDefault());
            sheet.lasts(answer.health()).forEach(System.out::println);
            sheet.findings(found).forEach(System.out::println);
            if (found.isEmpty()) {
                System.out.println(words.say("well"));
            }
        }
        return Examination.exitCode(found);
    }

    /** Devices whose line the agent holds. */
    private static Set<String> held(Map<?, ?> health) {
        Set<String> held = new HashSet<>();
        if (health.get("devices") instanceof List<?> devices) {
            for (Object device : devices) {
                if (device instanceof Map<?, ?> figures && !"fault".equals(figures.get("s"))) {
                    held.add(String.valueOf(figures.get("dev")));
                }
            }
        }
        return held;
    }
}
