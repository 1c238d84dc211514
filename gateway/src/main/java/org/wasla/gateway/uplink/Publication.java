package org.wasla.gateway.uplink;

/**
 * One message to publish at QoS 1. Immutable as its payload.
 *
 * @param kind what the content type names
 * @param cls the class of its data, {@code phi} or {@code ops}
 * @param expiryS after how many seconds the broker may drop it, 0 for never
 */
record Publication(String topic, String kind, String cls, Payload payload, boolean retained, long expiryS) {

    /** The same, not to be kept. */
    Publication unretained() {
        return new Publication(topic, kind, cls, payload, false, expiryS);
    }
}
