/** A box from its token to its revocation, against a real broker. */
@NullMarked
package org.wasla.ops.enrol;

import org.jspecify.annotations.NullMarked;
