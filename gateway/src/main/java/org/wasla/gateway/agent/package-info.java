/** A running box: wiring and lifecycle. */
@NullMarked
package org.wasla.gateway.agent;

import org.jspecify.annotations.NullMarked;
