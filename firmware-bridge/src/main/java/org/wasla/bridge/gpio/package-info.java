/** Lamps and buzzer of the box; works with none of them. Imports nothing of ours; the only door to Pi4J. */
@NullMarked
package org.wasla.bridge.gpio;

import org.jspecify.annotations.NullMarked;
