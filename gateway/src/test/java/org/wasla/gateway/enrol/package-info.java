@NullMarked
package org.wasla.gateway.enrol;

import org.jspecify.annotations.NullMarked;
