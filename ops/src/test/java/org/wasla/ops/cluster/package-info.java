/** The parts of the region's broker that are ours. */
@NullMarked
package org.wasla.ops.cluster;

import org.jspecify.annotations.NullMarked;
