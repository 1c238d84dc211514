package org.wasla.gateway.ward;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * The port for the hospital's messages, and who may talk to it. Immutable.
 *
 * @param port TCP, on all addresses of the box; 0: none
 * @param peers who may; none: whoever reaches it
 * @param tls what it speaks TLS with, null: it is open to read on the way
 */
public record AdtSettings(
        int port, List<Network> peers, @Nullable Tls tls) {
    public AdtSettings {
        peers = List.copyOf(peers);
    }

    /** In clear, for whoever reaches it. */
    public static AdtSettings open(int port) {
        return new AdtSettings(port, List.of(), null);
    }

    /**
     * @param key PKCS12 with our key and certificate
     * @param ca PEM of the authorities of which a caller must show a certificate; null: none is asked for
     */
    public record Tls(Path key, @Nullable Path ca) {}

    /** Whether anything but the network says who may talk. */
    public boolean isGuarded() {
        return !peers.isEmpty() || tls != null && tls.ca() != null;
    }

    boolean admits(InetAddress from) {
        return peers.isEmpty() || peers.stream().anyMatch(each -> each.holds(from));
    }

    /**
     * One address, or all that begin with the same bits.
     *
     * @param address 4 or 16 bytes
     * @param bits how many of them count
     */
    public record Network(Bytes address, int bits) {
        private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
        private static final Pattern FORM =
                Pattern.compile("(" + OCTET + "(?:\\." + OCTET + "){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");

        /** Reads {@code 192.168.1.20}, {@code 10.20.0.0/16}, {@code fd00::/8}; no name is looked up. */
        public static Optional<Network> of(String text) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches()) {
                return Optional.empty();
            }
            try {
                byte[] address = InetAddress.getByName(parts.group(1)).getAddress();
                int bits = parts.group(2) == null ? 8 * address.length : Integer.parseInt(parts.group(2));
                return bits <= 8 * address.length
                        ? Optional.of(new Network(Bytes.of(address), bits))
                        : Optional.empty();
            } catch (UnknownHostException noAddress) {
                return Optional.empty();
            }
        }

        boolean holds(InetAddress from) {
            byte[] theirs = from.getAddress();
            byte[] ours = address.toArray();
            if (theirs.length != ours.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                if (((theirs[bit / 8] ^ ours[bit / 8]) & 0x80 >> bit % 8) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
