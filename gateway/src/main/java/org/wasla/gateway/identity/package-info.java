/** Pseudonyms, the clear ids behind them, and the associations on disk. For {@code ward} and {@code cli}. */
@NullMarked
package org.wasla.gateway.identity;

import org.jspecify.annotations.NullMarked;
