/**
 * What must leave the box, on disk until it has left: drafts become numbered, durable entries; entries are read in
 * order
 * and marked when published. The only package that knows H2. It imports none of our packages; {@code uplink} and
 * {@code agent} may import it.
 */
@NullMarked
package org.wasla.gateway.outbox;

import org.jspecify.annotations.NullMarked;
