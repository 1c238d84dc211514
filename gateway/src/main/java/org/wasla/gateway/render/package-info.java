/** Records as other systems want them: FHIR R4, IHE PCD-01 and PCD-04, CBOR. Pure: bytes in, bytes out. */
@NullMarked
package org.wasla.gateway.render;

import org.jspecify.annotations.NullMarked;
