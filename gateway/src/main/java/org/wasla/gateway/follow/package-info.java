/** What is made of the records in the buffer: acts, FHIR, indicators, signals. */
@NullMarked
package org.wasla.gateway.follow;

import org.jspecify.annotations.NullMarked;
