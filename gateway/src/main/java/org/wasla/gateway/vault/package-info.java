/** The key of a box, what it is wrapped with, and what it locks up on disk. For all packages that keep files. */
@NullMarked
package org.wasla.gateway.vault;

import org.jspecify.annotations.NullMarked;
