package org.wasla.gateway.clock;

import org.jspecify.annotations.Nullable;

/** What holds the box's clock, as far as it tells. */
@FunctionalInterface
interface TimeService {

    /**
     * It has set or confirmed the clock. Immutable.
     *
     * @param atMs when that was, by the wall clock, UTC
     * @param errorMs how far the clock may have been from the true time then, or null when it does not tell
     */
    record Word(long atMs, @Nullable Long errorMs) {}

    /** Its newest word, null when there is none. */
    @Nullable
    Word word();
}
