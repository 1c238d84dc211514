package org.wasla.gateway.profile;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * What the grammar of a profile does not say about how its device is recognised. Immutable.
 *
 * @param least good messages without which the device is not recognised, or with a knock the times that it is found, 1
 *     to 100
 * @param most the highest confidence that is ever given, 0 to 1: less than 1 for a form that many devices share
 * @param knock found in the bytes of a device that waits for our answer before it speaks, or null
 * @param needed found in the bytes of every such device, or null: where many share a protocol it tells them apart
 * @param probes questions that change nothing in the device, asked only on order
 * @param beacon what the device sends to everybody on its network, or null
 */
public record Fingerprint(
        int least,
        double most,
        @Nullable Pattern knock,
        @Nullable Pattern needed,
        List<Probe> probes,
        @Nullable Beacon beacon) {
    /** A device that is recognised by its grammar alone. */
    public static final Fingerprint NONE = new Fingerprint(1, 1, null, null, List.of(), null);

    public Fingerprint {
        probes = List.copyOf(probes);
    }

    /**
     * A question by which a device that waits for questions is recognised.
     *
     * @param answers ids of the messages that answer it; none: every message of the profile does
     */
    public record Probe(Bytes send, Set<String> answers) {
        public Probe {
            answers = Set.copyOf(answers);
        }
    }

    /**
     * A datagram that the device sends to everybody, again and again.
     *
     * @param port UDP port, 1 to 65535
     * @param group multicast group to join beside broadcasts, or null
     * @param text found in the datagram, one character a byte
     * @param link where the device is then reached; {@code {host}} stands for the sender's address
     */
    public record Beacon(int port, @Nullable String group, Pattern text, String link) {}
}
