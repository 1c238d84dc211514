/** What only a checkout has: pseudo-terminals and an embedded MQTT 5 broker. Never on the class path of a box. */
@NullMarked
package org.wasla.ops.demo;

import org.jspecify.annotations.NullMarked;
