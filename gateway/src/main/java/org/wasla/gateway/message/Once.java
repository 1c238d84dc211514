package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.message.Action.Deliver;

/**
 * Which messages of a device were kept lately: one that is sent again, since its answer was lost, is answered again and
 * told once. It remembers over the loss of the line; over a restart whoever keeps records tells it. Pure; one thread.
 */
public final class Once {
    /** So many are remembered; the oldest is forgotten first. */
    public static final int KEPT_MAX = 512;

    private final Set<String> kept = new LinkedHashSet<>();
    private final List<String> waiting = new ArrayList<>();

    /** @param once what {@link Deliver#once} is of a message, or stands for it */
    public boolean isRepeat(@Nullable String once) {
        return once != null && (kept.contains(once) || waiting.contains(once));
    }

    /** It is about to be kept. */
    public void add(@Nullable String once) {
        if (once != null) {
            waiting.add(once);
        }
    }

    /** It was kept in an earlier run. */
    public void remember(String once) {
        kept.add(once);
        forgetOldest();
    }

    /** @param areKept whether what was added since the last call is kept; if not, it is new when it comes again */
    public void settle(boolean areKept) {
        if (areKept) {
            kept.addAll(waiting);
        }
        waiting.clear();
        forgetOldest();
    }

    private void forgetOldest() {
        Iterator<String> oldest = kept.iterator();
        while (kept.size() > KEPT_MAX) {
            oldest.next();
            oldest.remove();
        }
    }
}
