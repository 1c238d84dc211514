package org.wasla.gateway.codec;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.codec.AstmSender.Letter;
import org.wasla.gateway.frame.Bytes;
import org.wasla.gateway.message.Action;
import org.wasla.gateway.orders.Order;

/**
 * What the host has to say to an analyser (lab.md 1.2): answers to its questions, and orders that are sent unasked, one after
 * the other, each until it is taken. One thread.
 */
final class AstmHost {
    /** How often it is looked whether there is an order to send unasked. */
    private static final long LOOK_NS = 1_000_000_000L;

    private final AstmSpec spec;
    private final AstmSender sender;
    /** Orders that were not taken: the others come first. */
    private final Set<String> refused = new HashSet<>();

    private @Nullable Order offered;
    private long lookNs;

    AstmHost(AstmSpec spec, AstmSender sender, long nowNs) {
        this.spec = spec;
        this.sender = sender;
        this.lookNs = nowNs;
    }

    /** A question is answered also when nothing is ordered, and not when we only listen. */
    void answer(AstmQuery query) {
        if (spec.isReadOnly()) {
            return;
        }
        List<Order> orders =
                spec.orders().ofSpecimen(query.specimen(spec.answer().specimen()));
        List<String> records = AstmOrders.answer(spec.answer(), query, orders);
        // What was told as an answer needs not be told again.
        boolean isAll = spec.sendsUnasked() && query.isForAll();
        sender.offer(new Letter(frames(records), isAll ? orders : List.of(), true));
    }

    /** To be called when the line is free: what is to be said is said, now or later. */
    void speak(long nowNs, List<Action> actions) {
        List<Order> taken = sender.takeAccepted();
        if (!taken.isEmpty()) {
            spec.orders().taken(taken);
            lookNs = nowNs;
        }
        if (offered != null && taken.contains(offered)) {
            offered = null;
        }
        if (spec.sendsUnasked() && waitNs(nowNs) <= 0) {
            offer(nowNs);
        }
        sender.due(nowNs, true, actions);
    }

    private void offer(long nowNs) {
        if (offered != null) {
            refused.add(offered.id());
            offered = null;
        }
        lookNs = nowNs + LOOK_NS;
        List<Order> orders = spec.orders().untaken();
        if (orders.isEmpty()) {
            refused.clear();
            return;
        }
        Order next = orders.get(0);
        for (int i = orders.size() - 1; i >= 0; i--) {
            next = refused.contains(orders.get(i).id()) ? next : orders.get(i);
        }
        if (refused.contains(next.id())) {
            refused.clear();
        }
        offered = next;
        sender.offer(new Letter(frames(AstmOrders.download(spec.answer(), next)), List.of(next), false));
    }

    /** @return how long until {@link #speak} may have something to say that nobody asked for */
    long waitNs(long nowNs) {
        boolean looks = spec.sendsUnasked() && sender.isIdle();
        return looks ? Math.max(lookNs - nowNs, sender.pauseNs(nowNs)) : Long.MAX_VALUE;
    }

    private List<Bytes> frames(List<String> records) {
        return AstmSender.frames(
                records, spec.answer().textBytes(), spec.records().charset());
    }
}
