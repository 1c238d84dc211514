/** Protocols that no grammar can say: conversations of their own. Pure; time comes in as an argument. */
@NullMarked
package org.wasla.gateway.codec;

import org.jspecify.annotations.NullMarked;
