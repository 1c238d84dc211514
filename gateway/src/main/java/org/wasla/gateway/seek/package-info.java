/** An unknown line -> what hangs on it: one setting after the other, heard and kept; for the verbs and the page. */
@NullMarked
package org.wasla.gateway.seek;

import org.jspecify.annotations.NullMarked;
