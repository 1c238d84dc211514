package org.wasla.gateway.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.observation.JsonText;

/** Gives one signed order to each of the boxes that are meant, and gathers the answers. One thread. */
final class RemoteOrders {
    private RemoteOrders() {}

    /**
     * What one box said.
     *
     * @param parts the messages of its answer, empty when none came
     * @param why why there is nothing, empty when there is
     */
    record Answered(RemoteBox box, String jti, List<Map<String, @Nullable Object>> parts, String why) {
        boolean isDone() {
            return why.isEmpty();
        }

        long count() {
            return parts.isEmpty() ? 0 : RemoteBox.number(parts.get(0), "n");
        }

        List<?> lines() {
            return parts.isEmpty() ? List.of() : RemoteBox.list(parts.get(0), "lines");
        }
    }

    /**
     * An order dies after five minutes, so none is left for boxes that are offline.
     *
     * @param waitS how long answers are waited for
     */
    static List<Answered> give(RemoteAt at, String verb, long waitS, JsonText.Fields more)
            throws Failure, IOException, InterruptedException {
        RemoteFolder folder = at.folder();
        try (RemoteSession session = at.open(true)) {
            List<RemoteBox> boxes = session.openBoxes();
            Map<String, String> orders = new TreeMap<>();
            for (RemoteBox box : boxes) {
                if (box.isOnline()) {
                    orders.put(box.place(), session.order(folder, box, verb, more));
                }
            }
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitS);
            while (!haveAnswered(session, orders) && System.nanoTime() - endNs < 0) {
                session.await();
            }
            List<Answered> all = new ArrayList<>();
            for (RemoteBox box : boxes) {
                all.add(answered(session, box, orders.get(box.place()), waitS));
            }
            return all;
        }
    }

    private static boolean haveAnswered(RemoteSession session, Map<String, String> orders) {
        return orders.entrySet().stream()
                .noneMatch(order -> session.region()
                        .answer(order.getKey(), order.getValue())
                        .isEmpty());
    }

    private static Answered answered(RemoteSession session, RemoteBox box, @Nullable String jti, long waitS) {
        if (jti == null) {
            return new Answered(
                    box, "", List.of(), "offline; an order lives for five minutes, and none was left for it");
        }
        List<Map<String, @Nullable Object>> parts = session.region().answer(box.place(), jti);
        if (parts.isEmpty()) {
            String missing = session.region().missing(box.place(), jti);
            String why = missing.isEmpty()
                    ? "no answer within " + waitS + " s"
                    : "of the answer, part " + missing + " did not come within " + waitS + " s; give the order again";
            return new Answered(box, jti, parts, why);
        }
        boolean isDone = RemoteBox.text(parts.get(0), "s").equals("done");
        String why = RemoteBox.text(parts.get(0), "why");
        return new Answered(box, jti, parts, isDone ? "" : why.isEmpty() ? "refused" : why);
    }

    /** Prints lines and reasons, or all of it as JSON. @return the exit code */
    static int tell(RemoteAt at, List<Answered> all, String ifDone) {
        PrintStream out = System.out;
        if (at.json) {
            out.println(JsonText.write(json -> {
                json.writeArrayFieldStart("boxes");
                for (Answered each : all) {
                    json.writeStartObject();
                    json.writeStringField("gw", each.box().id());
                    json.writeStringField("s", each.isDone() ? "done" : "failed");
                    json.writeNumberField("n", each.count());
                    json.writeStringField("why", each.why());
                    json.writeArrayFieldStart("lines");
                    for (Object line : each.lines()) {
                        json.writeString(String.valueOf(line));
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }
                json.writeEndArray();
            }));
        } else {
            for (Answered each : all) {
                String name = each.box().id() + "  ";
                each.lines().forEach(line -> out.println(name + line));
                if (!each.isDone()) {
                    System.err.println(name + each.why());
                } else if (!ifDone.isEmpty()) {
                    out.println(name + ifDone);
                }
            }
        }
        return all.stream().allMatch(Answered::isDone) ? 0 : 1;
    }
}
