@NullMarked
package org.wasla.gateway.hospital;

import org.jspecify.annotations.NullMarked;
