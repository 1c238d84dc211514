package org.wasla.gateway.ward;

import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.patient.ScanCode;
import org.wasla.gateway.patient.ScanFlow;
import org.wasla.gateway.patient.ScanFlow.Signal;
import org.wasla.gateway.patient.ScanFlow.Step;
import org.wasla.gateway.patient.ScanLines;

/** One bar-code scanner: its bytes to associations and to what its lamp and buzzer show. One thread, that of its line. */
public final class Scanner {
    private static final Logger LOG = LoggerFactory.getLogger(Scanner.class);
    private final String id;
    private final Ward ward;
    private final BiConsumer<String, Signal> panel;
    private final ScanLines lines = new ScanLines();
    private final ScanFlow flow = new ScanFlow();

    /** @param panel shows a signal of a scanner; must not block */
    public Scanner(String id, Ward ward, BiConsumer<String, Signal> panel) {
        this.id = id;
        this.ward = ward;
        this.panel = panel;
    }

    /**
     * @param length 0 when nothing came
     * @param timeMs UTC, when it was read
     * @param nowNs monotonic
     */
    public void heard(byte[] bytes, int length, long timeMs, long nowNs) {
        if (length <= 0) {
            perform(flow.onTime(nowNs), timeMs);
            return;
        }
        // Devices may have come since: labels are looked up anew.
        ScanCode.Reader reader =
                new ScanCode.Reader(ward.settings().labels(), ward.settings().wristband());
        for (String code : lines.onBytes(bytes, length, nowNs)) {
            perform(flow.onCode(reader.read(code, ward::isKnown), ward::isOn, ward::isOn, nowNs), timeMs);
        }
    }

    private void perform(List<Step> steps, long timeMs) {
        for (Step step : steps) {
            Signal signal = signal(step, timeMs);
            LOG.info("scanner={} signal={}", id, signal);
            panel.accept(id, signal);
        }
    }

    /** Success is shown only for what is on disk. */
    private Signal signal(Step step, long timeMs) {
        try {
            if (step instanceof Step.Associate wish) {
                boolean isDone = ward.scanned(wish.device(), wish.patient(), wish.operator(), timeMs);
                return isDone ? Signal.ASSOCIATED : Signal.REFUSED;
            }
            if (step instanceof Step.End wish) {
                ward.ended(wish.device(), timeMs);
                return Signal.ENDED;
            }
            return step instanceof Step.Show show ? show.signal() : Signal.REFUSED;
        } catch (IOException notKept) {
            LOG.warn("scanner={} not kept cause=\"{}\"", id, notKept.getMessage());
            return Signal.REFUSED;
        }
    }
}
