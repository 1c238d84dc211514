package org.wasla.gateway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.config.Config;
import org.wasla.gateway.imaging.ForwardLog;
import org.wasla.gateway.imaging.ImagingSettings;
import org.wasla.gateway.imaging.Instance;
import org.wasla.gateway.imaging.InstanceIndex;
import org.wasla.gateway.imaging.InstanceIndex.Reading;
import org.wasla.gateway.observation.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wasla imaging list}: every object, its file and what is known of it. */
@Command(
        name = "list",
        description = {
            "Lists every object that was acknowledged: study, series, instance, file, state.",
            "States: stored (not read yet), read, unreadable (kept, with the reason). Also while the agent runs."
        })
final class ImagingList implements Callable<Integer> {
    @Mixin
    ImagingVerb.Which which = new ImagingVerb.Which();

    @Option(names = "--json", description = "Prints a JSON array, one object a line.")
    boolean json;

    private final Map<Integer, Instance> instances = new TreeMap<>();
    private final Map<Integer, Reading> readings = new TreeMap<>();
    private final Map<String, ForwardLog.State> destinations = new TreeMap<>();

    @Override
    public Integer call() throws Failure, IOException {
        Config config = which.config();
        ImagingSettings dicom = ImagingVerb.Which.dicom(config);
        Path dir = dicom.dir();
        Map<String, ForwardLog.State> states = ForwardLog.read(dir);
        dicom.forward()
                .destinations()
                .forEach(each ->
                        destinations.put(each.name(), states.getOrDefault(each.name(), new ForwardLog.State())));
        InstanceIndex.visit(dir, config.buffer().looked().safe("imaging"), new InstanceIndex.Visitor() {
            @Override
            public void instance(Instance instance) {
                instances.put(instance.number(), instance);
            }

            @Override
            public void reading(Reading reading) {
                readings.put(reading.number(), reading);
            }

            @Override
            public void closed(String study) {
                // what a study waits for is no matter of its objects
            }
        });
        StringBuilder out = new StringBuilder(json ? "[" : "");
        String between = "";
        for (Instance instance : instances.values()) {
            out.append(json ? between : "").append(line(dir, instance)).append(json ? "" : "\n");
            between = ",\n ";
        }
        System.out.println(out.append(json ? "]" : instances.size() + " objects"));
        return 0;
    }

    private String line(Path dir, Instance instance) {
        Reading reading = readings.get(instance.number());
        String file = dir.resolve(instance.file()).toString();
        if (!json) {
            return String.join(" ", file, state(reading), instance.caller(), instance.uid());
        }
        return JsonText.write(fields -> {
            text(fields, "study", reading == null ? "" : reading.study());
            text(fields, "series", reading == null ? "" : reading.series());
            fields.writeStringField("instance", instance.uid());
            fields.writeStringField("file", file);
            fields.writeStringField("state", state(reading));
            text(fields, "why", reading == null ? "" : reading.why());
            if (instance.differs()) {
                fields.writeBooleanField("differs", true);
            }
            fields.writeStringField("class", instance.sopClass());
            fields.writeStringField("ts", instance.transferSyntax());
            fields.writeStringField("ae", instance.caller());
            fields.writeNumberField("bytes", instance.bytes());
            fields.writeNumberField("t", instance.receivedMs());
            if (!destinations.isEmpty()) {
                fields.writeObjectFieldStart("to");
                for (Map.Entry<String, ForwardLog.State> each : destinations.entrySet()) {
                    fields.writeStringField(each.getKey(), progress(each.getValue(), instance.number()));
                }
                fields.writeEndObject();
            }
        });
    }

    private static String progress(ForwardLog.State state, int number) {
        String reason = state.reason(number);
        if (reason != null) {
            return "aside: " + reason;
        }
        return state.isSent(number) ? "sent" : state.isUnwanted(number) ? "not taken" : "waiting";
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(name, value);
        }
    }

    private static String state(@Nullable Reading reading) {
        if (reading == null) {
            return "stored";
        }
        return reading.study().isEmpty() ? "unreadable" : "read";
    }
}
