/**
 * DICOM services: objects from the network to disk, and what the box knows of them. Only {@code agent} and {@code cli}
 * import it.
 */
@NullMarked
package org.wasla.gateway.imaging;

import org.jspecify.annotations.NullMarked;
