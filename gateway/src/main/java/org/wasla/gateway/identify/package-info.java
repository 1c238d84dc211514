/** Bytes heard from an unknown device -> the profiles that fit them, and how surely. Pure. */
@NullMarked
package org.wasla.gateway.identify;

import org.jspecify.annotations.NullMarked;
