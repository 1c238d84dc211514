/** What a box is to run on: desired states and lists of devices, tried, in force or taken back, and reported. */
@NullMarked
package org.wasla.gateway.state;

import org.jspecify.annotations.NullMarked;
