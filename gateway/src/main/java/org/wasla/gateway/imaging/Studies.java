package org.wasla.gateway.imaging;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which studies are under way: one opens with its first object, tells how far it is while objects come, and closes when
 * none came for long enough. Time is monotonic, ms. One thread.
 */
final class Studies {
    /** More at once is no hospital's day: the one that has been quiet longest is closed then. */
    static final int OPEN_MAX = 256;

    private static final long TELL_EVERY_MS = 30_000;
    private final long quietMs;
    private final Map<String, Open> open = new LinkedHashMap<>();

    Studies(long quietMs) {
        this.quietMs = quietMs;
    }

    /** What to tell of a study. */
    enum Step {
        OPENED("study-opened"),
        PROGRESS("study-progress"),
        CLOSED("study-closed");

        private final String wire;

        Step(String wire) {
            this.wire = wire;
        }

        String wire() {
            return wire;
        }
    }

    /** How far a study is. */
    record News(Step step, String study, String caller, int series, int instances, long bytes) {}

    private static final class Open {
        private final String caller;
        private final Set<String> series = new HashSet<>();
        private int instances;
        private long bytes;
        private long lastMs;
        private long toldMs;
        private int told;

        Open(String caller, long nowMs) {
            this.caller = caller;
            this.toldMs = nowMs;
        }
    }

    /** One object more. */
    List<News> add(String study, String series, Instance instance, long nowMs) {
        List<News> news = new ArrayList<>();
        Open of = open.remove(study);
        boolean isNew = of == null;
        if (of == null) {
            of = new Open(instance.caller(), nowMs);
            if (open.size() >= OPEN_MAX) {
                news.add(close(open.keySet().iterator().next()));
            }
        }
        // Again at the end: the first of the map is the one that has been quiet longest.
        open.put(study, of);
        of.series.add(series);
        of.instances++;
        of.bytes += instance.bytes();
        of.lastMs = nowMs;
        if (isNew) {
            of.told = of.instances;
            news.add(news(Step.OPENED, study, of));
        }
        return news;
    }

    /** What is due: progress, and the end of what is quiet. */
    List<News> tick(long nowMs) {
        List<News> news = new ArrayList<>();
        Iterator<Map.Entry<String, Open>> each = open.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Open> entry = each.next();
            Open of = entry.getValue();
            if (nowMs - of.lastMs >= quietMs) {
                news.add(news(Step.CLOSED, entry.getKey(), of));
                each.remove();
            } else if (of.instances > of.told && nowMs - of.toldMs >= TELL_EVERY_MS) {
                of.told = of.instances;
                of.toldMs = nowMs;
                news.add(news(Step.PROGRESS, entry.getKey(), of));
            }
        }
        return news;
    }

    private News close(String study) {
        Open of = open.remove(study);
        return news(Step.CLOSED, study, of == null ? new Open("", 0) : of);
    }

    private static News news(Step step, String study, Open of) {
        return new News(step, study, of.caller, of.series.size(), of.instances, of.bytes);
    }

    int size() {
        return open.size();
    }
}
