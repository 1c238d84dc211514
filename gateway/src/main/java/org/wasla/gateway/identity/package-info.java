/** Pseudonyms, the clear ids behind them, the associations and the orders on disk. For {@code ward} and {@code cli}. */
@NullMarked
package org.wasla.gateway.identity;

import org.jspecify.annotations.NullMarked;
