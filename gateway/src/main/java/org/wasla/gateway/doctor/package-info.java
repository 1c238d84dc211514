/** What is wrong with a box, the likely cause and the next step: from the agent's own figures and from a look around it. */
@NullMarked
package org.wasla.gateway.doctor;

import org.jspecify.annotations.NullMarked;
