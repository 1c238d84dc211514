/** A small reference CA and enrolment endpoint for tests and pilots: not for production. */
@NullMarked
package org.wasla.ops.enrol;

import org.jspecify.annotations.NullMarked;
