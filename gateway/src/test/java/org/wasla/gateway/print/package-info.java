@NullMarked
package org.wasla.gateway.print;

import org.jspecify.annotations.NullMarked;
