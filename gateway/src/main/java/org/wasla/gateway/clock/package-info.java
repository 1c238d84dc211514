/** How well the clock of the box is known, and what is told when it is set. */
@NullMarked
package org.wasla.gateway.clock;

import org.jspecify.annotations.NullMarked;
