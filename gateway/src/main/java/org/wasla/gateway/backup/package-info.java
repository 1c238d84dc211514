/** The box as one locked file, a box made of such a file, and its end. */
@NullMarked
package org.wasla.gateway.backup;

import org.jspecify.annotations.NullMarked;
