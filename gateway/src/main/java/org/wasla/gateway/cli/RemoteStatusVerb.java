package org.wasla.gateway.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.wasla.gateway.observation.JsonText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code wasla remote status}: how the boxes are. */
@Command(
        name = "status",
        description = {
            "A line a box: whether it is online, which revision is in force, how the last one ended and why.",
            "Without --gateway and --group all boxes. Nothing is signed."
        })
final class RemoteStatusVerb implements Callable<Integer> {
    @Mixin
    Shared shared = new Shared();

    @Mixin
    RemoteAt at = new RemoteAt();

    @Override
    public Integer call() throws Failure, IOException, InterruptedException {
        try (RemoteSession session = at.open(false)) {
            List<RemoteBox> boxes = session.boxes();
            if (at.json) {
                System.out.println(JsonText.write(json -> {
                    json.writeArrayFieldStart("boxes");
                    for (RemoteBox box : boxes) {
                        write(json, box);
                    }
                    json.writeEndArray();
                }));
                return 0;
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("BOX", "ONLINE", "SOFTWARE", "IN FORCE", "LAST", "SINCE", "WHY"));
            for (RemoteBox box : boxes) {
                rows.add(row(box));
            }
            new RemoteTable(System.out, false).draw(rows);
            return 0;
        }
    }

    private static List<String> row(RemoteBox box) {
        String inForce = box.revision() == 0 ? "none" : box.revision() + " " + RemoteTable.shortly(box.hash());
        String last = box.outcome().isEmpty() ? "" : box.lastRevision() + " " + box.outcome();
        return List.of(
                box.id(),
                box.isOnline() ? "yes" : "no",
                box.software(),
                box.isOpen() ? inForce : "closed",
                last,
                RemoteTable.time(box.sinceMs()),
                box.why().isEmpty() ? "" : box.why().get(0));
    }

    static void write(JsonGenerator json, RemoteBox box) throws IOException {
        json.writeStartObject();
        json.writeStringField("gw", box.id());
        json.writeBooleanField("online", box.isOnline());
        json.writeBooleanField("open", box.isOpen());
        json.writeStringField("sw", box.software());
        json.writeNumberField("rev", box.revision());
        json.writeStringField("hash", box.hash());
        json.writeNumberField("last", box.lastRevision());
        json.writeStringField("s", box.outcome());
        json.writeNumberField("t", box.sinceMs());
        json.writeArrayFieldStart("why");
        for (String why : box.why()) {
            json.writeString(why);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
