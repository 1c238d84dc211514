/** Records as other systems want them: FHIR R4. Pure: bytes in, bytes out. */
@NullMarked
package org.wasla.gateway.render;

import org.jspecify.annotations.NullMarked;
