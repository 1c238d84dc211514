/** Micro-benchmarks of single steps, run by {@code ops/bench/run micro}. */
@NullMarked
package org.wasla.gateway.bench;

import org.jspecify.annotations.NullMarked;
