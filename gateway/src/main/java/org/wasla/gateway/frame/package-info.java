/** Bytes to frames; noise and checksums named. Pure: no I/O, no clock, no thread. */
@NullMarked
package org.wasla.gateway.frame;

import org.jspecify.annotations.NullMarked;
