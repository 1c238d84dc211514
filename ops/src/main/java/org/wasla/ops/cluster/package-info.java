/** The region's broker in two processes, as {@code ops/region/cluster} starts them. */
@NullMarked
package org.wasla.ops.cluster;

import org.jspecify.annotations.NullMarked;
