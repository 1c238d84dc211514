/** Measures the whole path beside its peers, each in the same run on the same machine. Never shipped. */
@NullMarked
package org.wasla.ops.bench;

import org.jspecify.annotations.NullMarked;
