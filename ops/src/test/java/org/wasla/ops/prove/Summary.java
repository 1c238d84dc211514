package org.wasla.ops.prove;

import java.util.ArrayList;
import java.util.List;

/** Many verdicts and openings in one row. One thread. */
final class Summary {
    static final String[] COLUMNS = {
        "ladder",
        "rounds",
        "accepted",
        "lost",
        "holes",
        "other faults",
        "declared in gaps",
        "doubles",
        "set aside",
        "slowest opening ms"
    };
    private static final int SHOWN = 8;
    private List<Verdict> verdicts = new ArrayList<>();
    private int rounds;
    private int quarantined;
    private long slowestMs;

    void add(Verdict verdict) {
        verdicts.add(verdict);
    }

    void opened(Reader.Opened opened) {
        rounds++;
        quarantined += opened.quarantined();
        slowestMs = Math.max(slowestMs, opened.openMs());
    }

    /** All in one, the first of all faults among them. */
    private Verdict whole() {
        List<String> holes = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        verdicts.forEach(verdict -> holes.addAll(verdict.holes()));
        verdicts.forEach(verdict -> faults.addAll(verdict.faults()));
        return new Verdict(
                verdicts.stream().mapToLong(Verdict::accepted).sum(),
                verdicts.stream().mapToLong(Verdict::present).sum(),
                verdicts.stream().mapToLong(Verdict::doubles).sum(),
                verdicts.stream().mapToLong(Verdict::declared).sum(),
                verdicts.stream().mapToLong(Verdict::overdeclared).sum(),
                verdicts.stream().mapToLong(Verdict::lost).sum(),
                holes.subList(0, Math.min(SHOWN, holes.size())),
                faults.subList(0, Math.min(SHOWN, faults.size())),
                verdicts.stream().mapToInt(Verdict::faultCount).sum());
    }

    /** Cells for {@link #COLUMNS}. */
    Object[] row(String name) {
        Verdict all = whole();
        long holes =
                verdicts.stream().mapToLong(verdict -> verdict.holes().size()).sum();
        return new Object[] {
            name,
            rounds,
            all.accepted(),
            all.lost(),
            holes,
            all.faultCount(),
            all.declared(),
            all.doubles(),
            quarantined,
            slowestMs
        };
    }

    /** The whole verdict; the next row begins with nothing. */
    Verdict take() {
        Verdict all = whole();
        verdicts = new ArrayList<>();
        rounds = 0;
        quarantined = 0;
        slowestMs = 0;
        return all;
    }
}
