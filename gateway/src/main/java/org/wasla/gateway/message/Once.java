package org.wasla.gateway.message;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.wasla.gateway.message.Action.Deliver;

/**
 * Which messages of a device were kept lately: one that is sent again, since its answer was lost, is answered again and
 * told once. It remembers over the loss of the line, and not over a restart. Pure; one thread.
 */
public final class Once {
    /** So many are remembered; the oldest is forgotten first. */
    public static final int KEPT_MAX = 512;

    private final Set<String> kept = new LinkedHashSet<>();
    private final List<String> waiting = new ArrayList<>();

    /** Whether it is kept already, or is about to be. */
    public boolean isRepeat(Deliver deliver) {
        String once = deliver.once();
        return once != null && (kept.contains(once) || waiting.contains(once));
    }

    /** It is about to be kept. */
    public void add(Deliver deliver) {
        String once = deliver.once();
        if (once != null) {
            waiting.add(once);
        }
    }

    /** @param areKept whether what was added since the last call is kept; if not, it is new when it comes again */
    public void settle(boolean areKept) {
        if (areKept) {
            kept.addAll(waiting);
        }
        waiting.clear();
        Iterator<String> oldest = kept.iterator();
        while (kept.size() > KEPT_MAX) {
            oldest.next();
            oldest.remove();
        }
    }
}
