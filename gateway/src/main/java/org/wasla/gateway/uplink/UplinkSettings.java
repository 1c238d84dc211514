package org.wasla.gateway.uplink;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which brokers, and as whom. Immutable.
 *
 * @param servers {@code mqtt://host:port} or {@code mqtts://host:port}, tried in turn; a user and password may stand
 *     before the host
 * @param ca PEM of the authority that the broker's certificate must come from; null is the JDK's own list
 * @param key PKCS12 with our key and certificate, its password in {@code <key>.pass} beside it or none; null is no
 * client
 *     certificate
 * @param gateway the gateway's id; the client id is derived from it
 * @param software name and version, for the birth
 * @param encoding how records are written, and whether messages are made smaller
 * @param flow how much goes when
 * @param standing by which clock certificates are judged, and whether records may go
 */
public record UplinkSettings(
        List<URI> servers,
        @Nullable Path ca,
        @Nullable Path key,
        String gateway,
        String software,
        Encoding encoding,
        Flow flow,
        Standing standing) {

    /** Whether messages are deflated where that makes them smaller, and with the dictionary that the contract publishes. */
    public enum Compression {
        OFF,
        AUTO,
        DICTIONARY
    }

    /**
     * How messages are written. Immutable.
     *
     * @param cbor whether records go as CBOR where that is smaller than JSON; everything else is JSON
     */
    public record Encoding(boolean cbor, Compression compression) {
        public static final Encoding PLAIN = new Encoding(false, Compression.OFF);
    }

    /**
     * How much goes when. Immutable.
     *
     * @param rateBytes cap in bytes a second over payload, topic and about 60 more for each message; 0 is none
     * @param batchMs how long live observations are gathered into one message; 0 is not at all
     * @param backlogPercent what the backlog is sure of while live records wait too, in percent of bytes, 0 to 90
     */
    public record Flow(long rateBytes, long batchMs, int backlogPercent) {
        public static final long BATCH_MS_MAX = 5_000;
        public static final int BACKLOG_PERCENT_MAX = 90;
        public static final Flow FREE = new Flow(0, 0, 25);

        /** Checks the ranges. */
        public Flow {
            if (rateBytes < 0 || batchMs < 0 || batchMs > BATCH_MS_MAX) {
                throw new IllegalArgumentException("uplink.rate or uplink.batch is out of range");
            }
            if (backlogPercent < 0 || backlogPercent > BACKLOG_PERCENT_MAX) {
                throw new IllegalArgumentException("uplink.backlog is out of range");
            }
        }
    }

    /**
     * JSON, without caps and gathering.
     *
     * @param compress whether a message is deflated where that makes it smaller
     */
    public UplinkSettings(
            List<URI> servers,
            @Nullable Path ca,
            @Nullable Path key,
            String gateway,
            String software,
            boolean compress) {
        this(
                servers,
                ca,
                key,
                gateway,
                software,
                compress ? new Encoding(false, Compression.AUTO) : Encoding.PLAIN,
                Flow.FREE,
                Standing.GOOD);
    }

    /** In good standing. */
    public UplinkSettings(
            List<URI> servers,
            @Nullable Path ca,
            @Nullable Path key,
            String gateway,
            String software,
            Encoding encoding,
            Flow flow) {
        this(servers, ca, key, gateway, software, encoding, flow, Standing.GOOD);
    }

    /** Copies the list, and checks every server. */
    public UplinkSettings {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException(
                    "uplink.servers is empty; write for instance mqtts://broker.example:8883");
        }
        servers.forEach(Server::of);
    }
}
