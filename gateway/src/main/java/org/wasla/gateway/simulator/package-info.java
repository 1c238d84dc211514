/** A profile played backwards: the bytes its device would send, with faults on request. Pure. */
@NullMarked
package org.wasla.gateway.simulator;

import org.jspecify.annotations.NullMarked;
