/** Who may read and write what: the pages, the data, what the tool makes of it, and what brokers then deliver. */
@NullMarked
package org.wasla.ops.rights;

import org.jspecify.annotations.NullMarked;
