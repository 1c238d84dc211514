/** What scanners and the hospital's messages say of patients, kept, attributed and published. For {@code agent}. */
@NullMarked
package org.wasla.gateway.ward;

import org.jspecify.annotations.NullMarked;
