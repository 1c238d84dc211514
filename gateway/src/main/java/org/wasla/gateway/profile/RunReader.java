package org.wasla.gateway.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.wasla.gateway.message.MessageSpec;
import org.wasla.gateway.message.Run;

/** Reads the {@code runs} list of a profile. */
final class RunReader {
    private static final int MOST = 1_000;
    private static final int DECIMALS = 6;

    private RunReader() {}

    static List<Run> read(Section profile, List<MessageSpec> messages) {
        List<Run> runs = new ArrayList<>();
        for (Entry entry : profile.list("runs")) {
            Section run = entry.section();
            String id = id(run, "message", messages);
            int most = run.need("most", "60").whole(1, MOST);
            int least = run.whole("least", 1, MOST, 1);
            if (least > most) {
                run.need("least", "3").problem("is above most", "write at most " + most);
            }
            String after = run.has("after") ? id(run, "after", messages) : null;
            Map<String, Integer> samples = samples(run.section("samples"), id, messages);
            runs.add(new Run(id, most, Math.min(least, most), after, samples));
            run.end();
        }
        return runs;
    }

    private static String id(Section run, String key, List<MessageSpec> messages) {
        Entry message = run.need(key, "block");
        String id = message.text();
        if (!messages.isEmpty() && messages.stream().noneMatch(spec -> spec.id().equals(id))) {
            message.problem("is '" + id + "'", "write the id of a message");
        }
        return id;
    }

    private static Map<String, Integer> samples(Section section, String id, List<MessageSpec> messages) {
        Map<String, Integer> samples = new HashMap<>();
        for (String field : section.keys()) {
            Entry decimals = section.need(field, "2");
            samples.put(field, decimals.whole(0, DECIMALS));
            boolean known =
                    messages.stream().anyMatch(spec -> spec.id().equals(id) && MessageReader.mayHave(spec, field));
            if (!known && !messages.isEmpty()) {
                decimals.problem("is of a field which the message does not have", "write a field of the message");
            }
        }
        return samples;
    }
}
