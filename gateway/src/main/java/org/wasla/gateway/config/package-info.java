/** The configuration: its file, the states given since, all mistakes at once. */
@NullMarked
package org.wasla.gateway.config;

import org.jspecify.annotations.NullMarked;
