/** Results of analyses without whose they are, from where and when, for epidemiology. Pure. */
@NullMarked
package org.wasla.gateway.epi;

import org.jspecify.annotations.NullMarked;
