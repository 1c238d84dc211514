package org.wasla.gateway.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.wasla.gateway.command.DesiredReader;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.uplink.Caller;
import picocli.CommandLine.Option;

/** Signs a state, leaves it at the broker for every box that is meant, and waits for what becomes of it. One thread. */
final class RemotePushing {
    /** What the header of a desired state says in {@code typ}. */
    private static final String TYPE = "wasla-desired+jws";

    private static final Set<String> FINAL = Set.of("applied", "refused", "reverted");
    private static final long DAY_S = 86_400;
    /** Clocks of boxes may be behind. */
    private static final long EARLIER_S = 300;

    @Option(names = "--no-wait", description = "Ends once the broker has it.")
    boolean isLeft;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long boxes that are online are waited for (default: ${DEFAULT-VALUE}).")
    long waitS = 300;

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "So long it may be taken by boxes that are offline, 1 to 90 (default: ${DEFAULT-VALUE}).")
    long days = 30;

    /** @return the exit code: 1 when a box that is online refused it, went back, or said nothing */
    int push(RemoteSession session, RemoteAt at, RemoteFolder folder, RemotePlan plan, String keys)
            throws Failure, IOException, InterruptedException {
        if (days < 1 || days > 90) {
            throw new Failure(2, "--days is " + days + "; write 1 to 90");
        }
        List<RemoteBox> boxes = session.openBoxes();
        long nowS = System.currentTimeMillis() / 1_000;
        String payload = plan.payload(at.audience(), nowS - EARLIER_S, nowS + days * DAY_S, keys);
        String hash = DesiredReader.sha256(payload);
        String signed = folder.sign(TYPE, payload);
        folder.keep(signed);
        for (RemoteBox box : boxes) {
            session.publish(new Caller.Letter(box.place() + "/cfg/desired", signed, true, 0, null));
        }
        System.err.println("revision " + plan.revision() + " " + RemoteTable.shortly(hash) + " for " + boxes.size()
                + (boxes.size() == 1 ? " box" : " boxes"));
        if (!isLeft) {
            await(session, at, boxes, hash);
        }
        return tell(session, at, boxes, hash, plan.revision());
    }

    private void await(RemoteSession session, RemoteAt at, List<RemoteBox> boxes, String hash)
            throws IOException, InterruptedException {
        RemoteTable table = new RemoteTable(at.json ? System.err : System.out, !at.json && Shared.isTerminal());
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitS);
        while (true) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("BOX", "OUTCOME", "WHY"));
            boolean isOver = true;
            for (RemoteBox each : boxes) {
                RemoteBox box = session.region().box(each.place());
                String outcome = outcome(box, hash);
                isOver &= FINAL.contains(outcome) || outcome.equals("waits");
                boolean isOurs = box.lastHash().equals(hash);
                rows.add(List.of(box.id(), outcome, isOurs ? String.join("; ", box.why()) : ""));
            }
            table.draw(rows);
            if (isOver || System.nanoTime() - endNs >= 0) {
                return;
            }
            session.await();
        }
    }

    /** offered: it has not answered yet; waits: it is offline, and gets it when it is back. */
    private static String outcome(RemoteBox box, String hash) {
        if (box.lastHash().equals(hash)) {
            return box.outcome();
        }
        return box.isOnline() ? "offered" : "waits";
    }

    private int tell(RemoteSession session, RemoteAt at, List<RemoteBox> boxes, String hash, long revision) {
        boolean isGood = true;
        boolean isOvertaken = false;
        List<RemoteBox> now =
                boxes.stream().map(box -> session.region().box(box.place())).toList();
        for (RemoteBox box : now) {
            String outcome = outcome(box, hash);
            isGood &= outcome.equals("applied") || outcome.equals("waits") || isLeft && !FINAL.contains(outcome);
            String why = String.join(" ", box.why());
            isOvertaken |= outcome.equals("refused")
                    && (why.contains("prev does not name") || why.contains("and the box has had"));
            if (outcome.equals("offered") && !isLeft) {
                System.err.println(box.id() + " is online and said nothing; see wasla remote logs");
            }
        }
        if (isOvertaken) {
            System.err.println("somebody else changed a box meanwhile: look with wasla remote diff, then push again");
        }
        if (at.json) {
            System.out.println(JsonText.write(json -> {
                json.writeNumberField("rev", revision);
                json.writeStringField("hash", hash);
                json.writeArrayFieldStart("boxes");
                for (RemoteBox box : now) {
                    json.writeStartObject();
                    json.writeStringField("gw", box.id());
                    json.writeStringField("s", outcome(box, hash));
                    json.writeArrayFieldStart("why");
                    for (String why : box.lastHash().equals(hash) ? box.why() : List.<String>of()) {
                        json.writeString(why);
                    }
                    json.writeEndArray();
                    json.writeEndObject();
                }
                json.writeEndArray();
            }));
        }
        return isGood ? 0 : 1;
    }
}
