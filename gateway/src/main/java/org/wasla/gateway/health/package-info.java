/** How the box does, and to whom that is told: platform, socket, metrics, systemd. */
@NullMarked
package org.wasla.gateway.health;

import org.jspecify.annotations.NullMarked;
