package org.wasla.gateway.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.wasla.gateway.doctor.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wasla status}: how the running agent does. */
@Command(
        name = "status",
        description = "Shows how the running agent does: devices, buffer, uplink, clock, and what is wrong.",
        footer = {"", "Exit codes: 0 nothing is wrong, 1 something is, or no agent runs, 2 configuration."})
final class StatusVerb implements Callable<Integer> {
    @Mixin
    Examination examination = new Examination();

    @Override
    public Integer call() throws Failure, IOException {
        Examination.Answer answer = examination.ask(examination.config());
        if (examination.json) {
            System.out.println(examination.json(answer.found(), answer));
        } else {
            Sheet sheet = new Sheet(examination.words(), ZoneId.systemDefault());
            if (answer.isThere()) {
                sheet.figures(answer.health()).forEach(System.out::println);
            }
            sheet.findings(answer.found()).forEach(System.out::println);
        }
        return Examination.exitCode(answer.found());
    }
}
