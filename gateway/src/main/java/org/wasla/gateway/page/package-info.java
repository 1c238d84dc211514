/** The local page: what the box knows, for the engineer beside the bed, and the assistant that adds a device. */
@NullMarked
package org.wasla.gateway.page;

import org.jspecify.annotations.NullMarked;
