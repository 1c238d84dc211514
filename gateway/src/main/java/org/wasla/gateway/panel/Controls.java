package org.wasla.gateway.panel;

import static org.wasla.bridge.gpio.Output.BUZZER;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.bridge.gpio.Board;
import org.wasla.bridge.gpio.Contacts;
import org.wasla.bridge.gpio.Input;
import org.wasla.bridge.gpio.Panel;
import org.wasla.bridge.gpio.Press;
import org.wasla.bridge.gpio.Rhythm;
import org.wasla.bridge.gpio.Show;
import org.wasla.gateway.audit.Auditor;
import org.wasla.gateway.observation.RecordBody;
import org.wasla.gateway.observation.RecordJson;
import org.wasla.gateway.observation.RecordJson.Clock;
import org.wasla.gateway.observation.RecordJson.Envelope;
import org.wasla.gateway.outbox.Draft;
import org.wasla.gateway.outbox.Outbox;
import org.wasla.gateway.outbox.Urgency;

/**
 * What a hand does to the box: its button, and its lid. Contacts are told by threads of the lines and only noted; {@link
 * #tick} does what is to be done, on the keeper's thread. Thread-safe. A box without lines runs as one with them.
 */
public final class Controls implements Contacts {
    private static final Logger LOG = LoggerFactory.getLogger(Controls.class);
    private static final long SIGN_MS = 1_000;
    private static final long WORDS_MS = 120_000;

    private final Lines lines;
    private final LongSupplier nowMs;
    private final Press press = new Press();
    private Press.Wish wish = Press.Wish.NOTHING;
    private Press.Wish signed = Press.Wish.NOTHING;
    private @Nullable Boolean lid;
    private boolean isLidTold = true;
    private @Nullable Long wordsUntilMs;

    /** Takes the lines of a board. */
    @FunctionalInterface
    public interface Lines {
        Panel open(Board board, Contacts contacts) throws IOException;
    }

    public Controls() {
        this(Panel::open, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    /** @param nowMs monotonic */
    public Controls(Lines lines, LongSupplier nowMs) {
        this.lines = lines;
        this.nowMs = nowMs;
    }

    /** Lamps, buzzer and contacts of a board; dark and numb when there is none. */
    public Panel open(@Nullable Board board) {
        try {
            Panel panel = board == null ? new Panel(null) : lines.open(board, this);
            panel.show(Lamps.STARTING);
            return panel;
        } catch (IOException none) {
            LOG.warn("lamps and buzzer stay dark cause=\"{}\"", none.getMessage());
            return new Panel(null);
        }
    }

    @Override
    public synchronized void changed(Input input, boolean isClosed) {
        if (input == Input.BUTTON) {
            Press.Wish found = press.changed(isClosed, nowMs.getAsLong());
            wish = found == Press.Wish.NOTHING ? wish : found;
        } else {
            // A lid that is on when the box starts is no news; one that is off is.
            isLidTold = lid == null ? isClosed : isLidTold && lid == isClosed;
            lid = isClosed;
        }
    }

    /** Whether the words of the box's enrolment are to be seen: for two minutes after somebody at the box asked for them. */
    public synchronized boolean showsWords() {
        Long until = wordsUntilMs;
        return until != null && nowMs.getAsLong() - until < 0;
    }

    /**
     * Does what was wished since the last time.
     *
     * @param panel gives a short tone when a press was long enough, two when it was longer
     * @param wishes takes what a press was for
     * @param lids takes whether the lid is on, when that changed
     */
    public void tick(Panel panel, Consumer<Press.Wish> wishes, Consumer<Boolean> lids) {
        Press.Wish wished;
        Press.Wish held;
        Boolean isOn = null;
        synchronized (this) {
            wished = wish;
            wish = Press.Wish.NOTHING;
            held = press.held(nowMs.getAsLong());
            if (wished == Press.Wish.WORDS) {
                wordsUntilMs = nowMs.getAsLong() + WORDS_MS;
            }
            if (!isLidTold) {
                isOn = lid;
                isLidTold = true;
            }
        }
        if (held != signed && held.compareTo(Press.Wish.TOUCH) > 0) {
            panel.signal(new Show(Map.of(BUZZER, Rhythm.pulses(held == Press.Wish.WORDS ? 2 : 1))), SIGN_MS);
        }
        signed = held;
        if (wished == Press.Wish.WORDS) {
            panel.signal(Lamps.WORDS, WORDS_MS);
        }
        if (wished.compareTo(Press.Wish.TOUCH) > 0) {
            wishes.accept(wished);
        }
        if (isOn != null) {
            lids.accept(isOn);
        }
    }

    /** The lid of the box, as an event of the box and in the audit. */
    public static void tell(boolean isOn, String gateway, Clock clock, Outbox outbox, Auditor auditor) {
        LOG.warn("lid of the box is {}", isOn ? "on again" : "off");
        auditor.note("tamper", Map.of("lid", isOn ? "on" : "off"));
        long nowMs = System.currentTimeMillis();
        Envelope envelope = new Envelope(gateway, gateway, null, null, null, null, nowMs, null, clock);
        RecordBody event = new RecordBody.Event("tamper", Map.of("lid", isOn ? "on" : "off"));
        try {
            outbox.offer(List.of(new Draft(
                    gateway,
                    "evt",
                    Urgency.RESULT,
                    nowMs,
                    (epoch, seq) -> RecordJson.write(envelope, event, epoch, seq))));
        } catch (IOException refused) {
            LOG.warn("lid not recorded cause=\"{}\"", refused.getMessage());
        }
    }
}
