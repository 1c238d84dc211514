/** Frames to messages, and the bytes owed to the device. Pure; time comes in as an argument. */
@NullMarked
package org.wasla.gateway.message;

import org.jspecify.annotations.NullMarked;
