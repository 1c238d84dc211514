@NullMarked
package org.wasla.gateway.hl7;

import org.jspecify.annotations.NullMarked;
