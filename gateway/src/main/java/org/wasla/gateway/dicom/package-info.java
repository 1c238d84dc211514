/** DICOM's own forms: PDUs, associations, commands, data sets. Pure: bytes and time come in as arguments. */
@NullMarked
package org.wasla.gateway.dicom;

import org.jspecify.annotations.NullMarked;
