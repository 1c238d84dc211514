/**
 * Outbox to MQTT: publishes what is durable, in order, and marks it once the broker has acknowledged it. The only
 * package
 * that knows Paho, and it stays behind one class, so that another client can take its place. It imports only
 * {@code outbox}; {@code agent} may import it.
 */
@NullMarked
package org.wasla.gateway.uplink;

import org.jspecify.annotations.NullMarked;
