/** Configuration, wiring, lifecycle and health of a running box. */
@NullMarked
package org.wasla.gateway.agent;

import org.jspecify.annotations.NullMarked;
