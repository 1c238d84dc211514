package org.wasla.gateway.outbox;

import java.util.List;

/**
 * What a look at every byte of the buffer has found. Immutable.
 *
 * @param findings what is wrong, nothing when all is well
 * @param notes what is worth knowing and nothing wrong
 * @param segments segments of the journal
 * @param storeFiles files of the store
 * @param blocks blocks of the store that were read whole
 * @param entries entries that are held, each counted once
 * @param unpublished how many of them wait to be published
 * @param payloadBytes the bytes of their records
 * @param streams how many streams they belong to
 */
public record Verification(
        List<Finding> findings,
        List<String> notes,
        int segments,
        int storeFiles,
        long blocks,
        long entries,
        long unpublished,
        long payloadBytes,
        int streams) {

    /** Copies the lists. */
    public Verification {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }
}
