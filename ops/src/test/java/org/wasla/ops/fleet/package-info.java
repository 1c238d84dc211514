/** The fleet against judges and real brokers. */
@NullMarked
package org.wasla.ops.fleet;

import org.jspecify.annotations.NullMarked;
