package org.wasla.gateway.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.wasla.gateway.observation.JsonText;
import org.wasla.gateway.trust.SignedCommand;
import org.wasla.gateway.uplink.Caller;
import org.wasla.gateway.uplink.UplinkSettings;

/** A technician's connection to the boxes that are meant. One thread. */
final class RemoteSession implements AutoCloseable {
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final long GATHER_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long STEP_MS = 100;
    private static final int JTI_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Caller caller;
    private final RemoteRegion region;
    private final RemoteAt at;
    private final String client;

    private RemoteSession(Caller caller, RemoteRegion region, RemoteAt at, String client) {
        this.caller = caller;
        this.region = region;
        this.at = at;
        this.client = client;
    }

    static RemoteSession open(UplinkSettings settings, RemoteAt at) throws IOException, InterruptedException {
        RemoteRegion region = new RemoteRegion();
        Caller caller = Caller.open(settings, region);
        RemoteSession session = new RemoteSession(caller, region, at, at.client());
        try {
            session.gather();
            return session;
        } catch (IOException | RuntimeException failed) {
            caller.close();
            throw failed;
        }
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** What is retained comes at once; there is no message that says that it was all. */
    private void gather() throws IOException, InterruptedException {
        String boxes = "wasla/1/" + at.region + "/" + at.site + "/" + (at.gateway.isEmpty() ? "+" : at.gateway) + "/";
        caller.subscribe(List.of(
                boxes + "rsp/" + client, boxes + "state", boxes + "d/+/meta", boxes + "cfg/reported", boxes + "meta"));
        long beginNs = System.nanoTime();
        while (region.quietNs() < QUIET_NS && System.nanoTime() - beginNs < GATHER_NS) {
            region.await(STEP_MS);
        }
    }

    RemoteRegion region() {
        return region;
    }

    /** The boxes that are meant and known; at least one. */
    List<RemoteBox> boxes() throws Failure {
        List<RemoteBox> boxes = region.boxes().stream().filter(at::isMeant).toList();
        if (boxes.isEmpty()) {
            String wanted = at.group.isEmpty() ? at.gateway.isEmpty() ? "box" : at.gateway : "box of group " + at.group;
            throw new Failure(
                    1,
                    "the broker knows of no " + wanted + "; check the name, --region and --site, your rights at the"
                            + " broker, and whether the box has ever been connected");
        }
        return boxes;
    }

    /** Those of them that take states and commands at all. */
    List<RemoteBox> openBoxes() throws Failure {
        List<RemoteBox> boxes = boxes();
        for (RemoteBox box : boxes) {
            if (!box.isOpen()) {
                throw new Failure(1, box.id() + " takes nothing from outside: there is no trust in its configuration");
            }
        }
        return boxes;
    }

    void publish(Caller.Letter letter) throws IOException {
        caller.publish(letter);
    }

    /**
     * Gives a signed order to one box.
     *
     * @param more further members of the order
     * @return its jti
     */
    String order(RemoteFolder folder, RemoteBox box, String verb, JsonText.Fields more) throws IOException {
        String jti = random(JTI_BYTES);
        long nowS = System.currentTimeMillis() / 1_000;
        String payload = JsonText.write(json -> {
            json.writeNumberField("v", 1);
            json.writeStringField("jti", jti);
            json.writeStringField("aud", box.id());
            json.writeStringField("verb", verb);
            json.writeNumberField("iat", nowS);
            json.writeNumberField("exp", nowS + SignedCommand.LIFE_S_MAX);
            more.write(json);
        });
        caller.publish(new Caller.Letter(
                box.place() + "/cmd/" + verb,
                folder.sign(SignedCommand.TYPE, payload),
                false,
                SignedCommand.LIFE_S_MAX,
                box.place() + "/rsp/" + client));
        return jti;
    }

    /** Waits a little for something to come. */
    void await() throws IOException, InterruptedException {
        region.await(STEP_MS);
        if (!caller.lostBy().isEmpty()) {
            throw new IOException(caller.lostBy() + "; what was published stays with the broker");
        }
    }

    @Override
    public void close() {
        caller.close();
    }
}
