/** Key and trust files to TLS, judged by a clock that may be wrong. */
@NullMarked
package org.wasla.gateway.tls;

import org.jspecify.annotations.NullMarked;
