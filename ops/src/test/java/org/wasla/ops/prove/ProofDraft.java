package org.wasla.ops.prove;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Urgency;

/**
 * A record with a content that no other has, and what number and content the outbox made of it. Written by the outbox's
 * thread, read by the appending one after the append.
 */
final class ProofDraft {
    private final String gateway;
    private final String device;
    private final String kind;
    private final Urgency urgency;
    private final Told told;
    private final String nonce = Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final int pulse = 40 + ThreadLocalRandom.current().nextInt(100);
    private final String pad;
    private final long timeMs = System.currentTimeMillis();
    private volatile String stream = "";
    private volatile long seq;
    private volatile long print;

    /** Hears that the record has its number, before it is on the disk. */
    interface Told {
        void numbered(ProofDraft draft);
    }

    /** Of a size between 0.3 and 1 kB. */
    ProofDraft(String gateway, String device, String kind, Urgency urgency, Told told) {
        this(gateway, device, kind, urgency, ThreadLocalRandom.current().nextInt(40), told);
    }

    /** @param pads how often 16 bytes are added */
    ProofDraft(String gateway, String device, String kind, Urgency urgency, int pads, Told told) {
        this.pad = "0123456789abcdef".repeat(pads);
        this.gateway = gateway;
        this.device = device;
        this.kind = kind;
        this.urgency = urgency;
        this.told = told;
    }

    Draft draft() {
        return new Draft(device, kind, urgency, timeMs, this::encode);
    }

    private byte[] encode(String epoch, long number) {
        String id = gateway + "." + epoch + "." + device + "." + kind;
        String json = "{\"v\":1,\"id\":\"" + id + "." + number + "\",\"gw\":\"" + gateway + "\",\"ep\":\"" + epoch
                + "\",\"dev\":\"" + device + "\",\"k\":\"" + kind + "\",\"seq\":" + number
                + ",\"prof\":\"proof@1.0.0\",\"ph\":\"000000000000\",\"map\":\"wasla-codes@1\",\"t\":" + timeMs
                + ",\"clk\":{\"s\":\"unsync\"}," + body() + "}";
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        stream = id;
        seq = number;
        print = Contents.print(payload);
        told.numbered(this);
        return payload;
    }

    /** The shape of the kind, with the nonce in it. */
    private String body() {
        return switch (kind) {
            case "obs" ->
                "\"obs\":[{\"c\":149530,\"n\":\"pulse\",\"r\":\"BPM\",\"v\":" + pulse
                        + ",\"u\":\"/min\"},{\"r\":\"NONCE\",\"s\":\"" + nonce + "\"},{\"r\":\"PAD\",\"s\":\"" + pad
                        + "\"}]";
            case "evt" -> "\"e\":\"proof\",\"nonce\":\"" + nonce + "\",\"pad\":\"" + pad + "\"";
            case "alarm" ->
                "\"a\":\"" + nonce + "\",\"phase\":\"start\",\"kind\":\"phys\",\"prio\":\"high\",\"r\":\"" + pad + "\"";
            default ->
                "\"r\":\"" + nonce + "\",\"hz\":\"75\",\"n0\":" + pulse + ",\"d\":[1,2,3],\"pad\":\"" + pad + "\"";
        };
    }

    /** {@code gw.ep.dev.k}; empty until it has a number. */
    String stream() {
        return stream;
    }

    long seq() {
        return seq;
    }

    long print() {
        return print;
    }

    /** @param what {@code a} accepted, {@code p} published */
    String line(char what) {
        return line(what, stream, seq, print);
    }

    static String line(char what, String stream, long seq, long print) {
        return what + " " + System.nanoTime() + " " + stream + " " + seq + " " + Long.toHexString(print) + " .\n";
    }
}
