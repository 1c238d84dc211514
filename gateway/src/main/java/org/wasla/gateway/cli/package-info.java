/** The verbs of wasla. The only door to the command line parser. */
@NullMarked
package org.wasla.gateway.cli;

import org.jspecify.annotations.NullMarked;
