/** Messages to observations and their JSON: code, unit, time, validity. Pure. */
@NullMarked
package org.wasla.gateway.observation;

import org.jspecify.annotations.NullMarked;
