package org.wasla.gateway.simulator;

/** Makes simulated devices of one kind. Immutable. */
@FunctionalInterface
public interface Simulator {
    Simulated start(long nowNs);
}
