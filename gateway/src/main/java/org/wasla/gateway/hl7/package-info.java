/** HL7 version 2 as it stands on the wire: MLLP frames, ER7 messages, acknowledgements. Knows nothing of devices. Pure. */
@NullMarked
package org.wasla.gateway.hl7;

import org.jspecify.annotations.NullMarked;
