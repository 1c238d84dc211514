/** One worker a device: drives link and exchange, keeps what was read. */
@NullMarked
package org.wasla.gateway.device;

import org.jspecify.annotations.NullMarked;
