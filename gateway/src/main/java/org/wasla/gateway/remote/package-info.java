/** What a technician orders at a distance: checked, carried out, answered. */
@NullMarked
package org.wasla.gateway.remote;

import org.jspecify.annotations.NullMarked;
