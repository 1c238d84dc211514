package org.wasla.ops.cluster;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Keeps two warnings out of a node's log that come with every topic: that it has no address for dead letters (AMQ222165)
 * and none for what expired (AMQ222166). It shall have none. Thread-safe.
 */
public final class Quiet extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
        String said = event.getMessage();
        return said.startsWith("AMQ222165") || said.startsWith("AMQ222166") ? FilterReply.DENY : FilterReply.NEUTRAL;
    }
}
