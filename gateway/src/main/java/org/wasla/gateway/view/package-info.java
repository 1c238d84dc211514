/** What the local page shows of a box, and what it changes. */
@NullMarked
package org.wasla.gateway.view;

import org.jspecify.annotations.NullMarked;
