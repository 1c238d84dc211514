/** Files that are whole on disk, the old or the new, whenever the power goes. */
@NullMarked
package org.wasla.gateway.files;

import org.jspecify.annotations.NullMarked;
