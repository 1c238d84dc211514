@NullMarked
package org.wasla.gateway.tls;

import org.jspecify.annotations.NullMarked;
