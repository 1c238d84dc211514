/** The monitoring of boxes: pages, rules, dashboard. */
@NullMarked
package org.wasla.ops.monitoring;

import org.jspecify.annotations.NullMarked;
