/**
 * A certificate from the region: asked for with a token, kept on disk, renewed at half life. It does what {@code trust}
 * decides.
 */
@NullMarked
package org.wasla.gateway.enrol;

import org.jspecify.annotations.NullMarked;
