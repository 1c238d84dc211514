package org.wasla.bridge.gpio;

/** What a hand on the button means: how long it was held. Times are monotonic, ms. Does no I/O; one thread. */
public final class Press {
    /** Held so long, it asks who speaks on the lines. */
    public static final long IDENTIFY_MS = 3_000;
    /** Held so long, it asks for the words of the box's enrolment. */
    public static final long WORDS_MS = 10_000;
    /** A shorter touch, or a bounce, is none. */
    private static final long TOUCH_MS = 50;

    private boolean isDown;
    private long downMs;

    /** What a press was for. */
    public enum Wish {
        NOTHING,
        TOUCH,
        IDENTIFY,
        WORDS
    }

    /** @return what was wished, when the hand leaves the button; until then nothing */
    public Wish changed(boolean isClosed, long nowMs) {
        if (isClosed && !isDown) {
            isDown = true;
            downMs = nowMs;
            return Wish.NOTHING;
        }
        if (isClosed || !isDown) {
            return Wish.NOTHING;
        }
        isDown = false;
        return wish(nowMs);
    }

    /** What it would be if the hand left the button now: for a sign that it was held long enough. */
    public Wish held(long nowMs) {
        return isDown ? wish(nowMs) : Wish.NOTHING;
    }

    private Wish wish(long nowMs) {
        long heldMs = nowMs - downMs;
        if (heldMs >= WORDS_MS) {
            return Wish.WORDS;
        }
        if (heldMs >= IDENTIFY_MS) {
            return Wish.IDENTIFY;
        }
        return heldMs >= TOUCH_MS ? Wish.TOUCH : Wish.NOTHING;
    }
}
