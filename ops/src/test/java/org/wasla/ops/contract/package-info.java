/** The contract in {@code ops/contract}: its schemas, its samples, and what agents really publish. */
@NullMarked
package org.wasla.ops.contract;

import org.jspecify.annotations.NullMarked;
