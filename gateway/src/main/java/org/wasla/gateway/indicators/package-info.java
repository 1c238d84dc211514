/** What a box, its devices and its units did in a minute, an hour, a day: counts without patients. Pure. */
@NullMarked
package org.wasla.gateway.indicators;

import org.jspecify.annotations.NullMarked;
