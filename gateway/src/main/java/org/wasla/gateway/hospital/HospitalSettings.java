package org.wasla.gateway.hospital;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is written to, and what all are told alike. Immutable.
 *
 * @param site who sends, and has given the patients' pseudonyms
 * @param zone in which times are told
 * @param references the reference ids of MDC codes
 */
public record HospitalSettings(List<Receiver> receivers, String site, ZoneId zone, Map<Integer, String> references) {
    public HospitalSettings {
        receivers = List.copyOf(receivers);
        references = Map.copyOf(references);
    }

    /**
     * One receiver.
     *
     * @param name small letters, digits and dashes; how far it is stands in a file of this name
     * @param everyMs how often values are told, 0: each set
     * @param application MSH-5, may be empty
     * @param facility MSH-6, may be empty
     * @param tls null: without TLS
     * @param answerMs how long an answer may take
     */
    public record Receiver(
            String name,
            String host,
            int port,
            boolean takesObservations,
            boolean takesAlarms,
            long everyMs,
            String application,
            String facility,
            @Nullable Keys tls,
            long answerMs) {}

    /**
     * @param ca who may have signed the receiver's certificate, PEM; null: whom the system trusts
     * @param key the box's own certificate and key, PKCS#12; null: it has none
     */
    public record Keys(@Nullable Path ca, @Nullable Path key) {}
}
