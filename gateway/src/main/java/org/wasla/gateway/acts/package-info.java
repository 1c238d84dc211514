/** Records in, acts out: what was done, for the electronic care sheet. Pure; never a price, never a claim. */
@NullMarked
package org.wasla.gateway.acts;

import org.jspecify.annotations.NullMarked;
