/** Byte lines: opens a port or socket and moves bytes. Imports nothing of ours; the only door to jSerialComm. */
@NullMarked
package org.wasla.bridge.link;

import org.jspecify.annotations.NullMarked;
