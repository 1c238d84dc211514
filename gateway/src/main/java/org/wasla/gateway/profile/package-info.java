/** Device profiles: YAML to checked records. The only door to the YAML parser. */
@NullMarked
package org.wasla.gateway.profile;

import org.jspecify.annotations.NullMarked;
