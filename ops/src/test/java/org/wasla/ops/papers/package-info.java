/** What SECURITY.md and DATA.md say, held against the product: scans for what may not leak, TLS, and the pages themselves. */
@org.jspecify.annotations.NullMarked
package org.wasla.ops.papers;
