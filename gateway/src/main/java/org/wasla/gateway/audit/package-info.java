/** What is done to the box and what happens to it, written down and published. */
@NullMarked
package org.wasla.gateway.audit;

import org.jspecify.annotations.NullMarked;
