/** What the platform has ordered: tests on specimens and steps of examinations, as far as devices ask for them. Pure. */
@NullMarked
package org.wasla.gateway.orders;

import org.jspecify.annotations.NullMarked;
