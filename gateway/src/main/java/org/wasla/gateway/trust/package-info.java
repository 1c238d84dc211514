/**
 * Whom the box believes and what it can prove: signatures, keys and their roles, revisions that only rise, the audit
 * chain. The agent asks it before anything from outside counts.
 */
@org.jspecify.annotations.NullMarked
package org.wasla.gateway.trust;
