/** The patients, orders and examinations of a box, wired to its devices. */
@NullMarked
package org.wasla.gateway.bedside;

import org.jspecify.annotations.NullMarked;
