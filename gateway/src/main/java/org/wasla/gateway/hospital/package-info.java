/**
 * The hospital's own systems: values and alarms over MLLP, from what is durable in the buffer, each receiver at its own pace.
 */
@NullMarked
package org.wasla.gateway.hospital;

import org.jspecify.annotations.NullMarked;
