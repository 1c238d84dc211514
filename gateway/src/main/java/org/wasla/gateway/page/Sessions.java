package org.wasla.gateway.page;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who is logged in. A session ends a quarter of an hour after its last request, eight hours after its first, or when
 * somebody else needs its place. Pure but for the tokens it is given; times are monotonic nanoseconds. One thread.
 */
final class Sessions {
    static final int MAX = 16;
    private static final long S = 1_000_000_000L;
    private static final long IDLE_NS = 15 * 60 * S;
    private static final long LIFE_NS = 8 * 3_600 * S;

    private final Supplier<String> tokens;
    private final Map<String, Session> open = new HashMap<>();

    /**
     * One login.
     *
     * @param csrf to be sent back with every change, which a foreign site cannot
     * @param bornNs when it began
     * @param usedNs when it was used last
     */
    record Session(String token, Role role, String csrf, String address, long bornNs, long usedNs) {
        private boolean isOver(long nowNs) {
            return nowNs - usedNs >= IDLE_NS || nowNs - bornNs >= LIFE_NS;
        }

        private Session used(long nowNs) {
            return new Session(token, role, csrf, address, bornNs, nowNs);
        }

        @Override
        public String toString() {
            return "Session[" + role + "]";
        }
    }

    /** @param tokens gives texts that nobody can guess */
    Sessions(Supplier<String> tokens) {
        this.tokens = tokens;
    }

    Session begin(Role role, String address, long nowNs) {
        open.values().removeIf(session -> session.isOver(nowNs));
        if (open.size() >= MAX) {
            open.values().stream()
                    .max(Comparator.comparingLong((Session session) -> nowNs - session.usedNs))
                    .ifPresent(oldest -> open.remove(oldest.token));
        }
        Session session = new Session(tokens.get(), role, tokens.get(), address, nowNs, nowNs);
        open.put(session.token, session);
        return session;
    }

    /** @param isUse whether that keeps the session alive; a stream of values that nobody looks at does not */
    Optional<Session> find(String token, long nowNs, boolean isUse) {
        Session session = open.get(token);
        if (session == null || session.isOver(nowNs)) {
            open.remove(token);
            return Optional.empty();
        }
        if (isUse) {
            open.put(token, session.used(nowNs));
        }
        return Optional.of(session);
    }

    void end(String token) {
        open.remove(token);
    }
}
