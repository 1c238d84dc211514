/** Thousands of gateways as a broker sees them, for sizing: what {@code ops/region/fleet} runs. */
@NullMarked
package org.wasla.ops.fleet;

import org.jspecify.annotations.NullMarked;
