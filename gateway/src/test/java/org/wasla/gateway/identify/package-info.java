@NullMarked
package org.wasla.gateway.identify;

import org.jspecify.annotations.NullMarked;
