package org.wasla.gateway.outbox;

import java.util.List;
import java.util.Map;

/**
 * What one record of the journal adds to the state before it. Immutable as its entries.
 *
 * @param lanes the urgencies whose marks have moved, as they were before these entries came
 * @param streams streams that moved without an entry: numbers lost or forgotten
 * @param entries in order of position
 */
record Change(List<LaneState> lanes, Map<Stream, StreamState> streams, List<Entry> entries) {}
