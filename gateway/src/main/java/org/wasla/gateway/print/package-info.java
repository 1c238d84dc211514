/** What a scanner prints: film sessions, and the pictures that become of them. Pure; {@code imaging} imports it. */
@NullMarked
package org.wasla.gateway.print;

import org.jspecify.annotations.NullMarked;
