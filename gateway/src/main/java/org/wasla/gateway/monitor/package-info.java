/** The health document as metrics, for Prometheus. */
@NullMarked
package org.wasla.gateway.monitor;

import org.jspecify.annotations.NullMarked;
