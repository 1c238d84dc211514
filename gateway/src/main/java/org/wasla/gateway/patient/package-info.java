/** Which patient a device is on, and since when: associations and the rules that make them. Pure. */
@NullMarked
package org.wasla.gateway.patient;

import org.jspecify.annotations.NullMarked;
