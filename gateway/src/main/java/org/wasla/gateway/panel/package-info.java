/** The lamps, the button and the lid of the box, and what they do. */
@NullMarked
package org.wasla.gateway.panel;

import org.jspecify.annotations.NullMarked;
