package org.wasla.gateway.identity;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.orders.Change;
import org.wasla.gateway.orders.Order;
import org.wasla.gateway.orders.OrderBook;
import org.wasla.gateway.patient.PatientId;
import org.wasla.gateway.vault.Safe;

/**
 * The book of orders on disk, encrypted with the site's key. Thread-safe; {@link #book} never waits. All that one command
 * changes is one line, so that a power cut leaves all of it or nothing.
 */
public final class OrderStore implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(OrderStore.class);
    private static final String OF = "orders";
    private static final String COMMAND = "command\t";
    /** So many commands are known again when they come twice: the broker repeats what was not acknowledged. */
    private static final int COMMANDS_MAX = 1_000;
    /** The file is written anew when it has grown to this and is mostly out of date. */
    private static final long WORN_BYTES = 1L << 20;

    private final LineLog log;
    private final Set<String> commands = new LinkedHashSet<>();
    private SiteKey key;
    private volatile OrderBook book = OrderBook.NONE;
    private long wornBytes = WORN_BYTES;

    private OrderStore(LineLog log, SiteKey key) {
        this.log = log;
        this.key = key;
    }

    static OrderStore open(Path file, SiteKey key) throws IOException {
        List<String> lines = new ArrayList<>();
        OrderStore store = new OrderStore(LineLog.open(file, Safe.NONE, lines), key);
        store.load(lines);
        store.wornBytes = Math.max(WORN_BYTES, 2 * store.log.bytes());
        return store;
    }

    private void load(List<String> lines) {
        long unread = log.damaged();
        List<Change> changes = new ArrayList<>();
        for (String line : lines) {
            Optional<String> text = key.unlock(line, OF);
            unread += text.isPresent() ? 0 : 1;
            for (String each : text.map(found -> found.split("\n", -1)).orElse(new String[0])) {
                if (each.startsWith(COMMAND)) {
                    note(each.substring(COMMAND.length()));
                } else if (!each.isEmpty()) {
                    Optional<Change> change = OrderText.change(each);
                    unread += change.isPresent() ? 0 : 1;
                    change.ifPresent(changes::add);
                }
            }
        }
        // What is over is left out by the first change.
        book = OrderBook.NONE.with(changes, 0);
        if (unread > 0) {
            LOG.warn("lines of orders cannot be read and are passed over count={}", unread);
        }
    }

    private void note(String command) {
        commands.remove(command);
        commands.add(command);
        if (commands.size() > COMMANDS_MAX) {
            commands.remove(commands.iterator().next());
        }
    }

    /** What is ordered now. */
    public OrderBook book() {
        return book;
    }

    /**
     * Applies a command, all of it or nothing. Returns once it would survive the plug being pulled.
     *
     * @param command names it; one that was applied before changes nothing
     * @param nowMs UTC
     * @return why it is refused, without anything of a patient; empty when it is applied
     * @throws IOException when it cannot be kept; then it is to be given again
     */
    public synchronized List<String> apply(String command, List<Change> changes, long nowMs) throws IOException {
        if (commands.contains(command)) {
            return List.of();
        }
        List<String> problems = book.problems(changes, nowMs);
        if (problems.isEmpty()) {
            keep(COMMAND + command + '\n', changes, nowMs);
            note(command);
        }
        return problems;
    }

    /** Whether a command was applied before. */
    public synchronized boolean knows(String command) {
        return commands.contains(command);
    }

    /** A device has taken what was ordered of it. Returns once it would survive the plug being pulled. */
    public synchronized void taken(List<Order> orders, String device, long nowMs) throws IOException {
        List<Change> marks = new ArrayList<>();
        for (Order order : orders) {
            Optional<Order> known = book.get(order.id(), nowMs);
            // What was ordered anew meanwhile was not taken.
            if (known.isPresent() && known.get().equals(order)) {
                marks.add(new Change.Taken(order.id(), device));
            }
        }
        if (!book.taken().containsAll(marks)) {
            keep("", marks, nowMs);
        }
    }

    private void keep(String head, List<Change> changes, long nowMs) throws IOException {
        OrderBook next = book.with(changes, nowMs);
        if (log.bytes() > wornBytes) {
            rewrite(next.all(), List.of(key));
            wornBytes = Math.max(WORN_BYTES, 2 * log.bytes());
        }
        log.append(List.of(key.lock(head + text(changes), OF)));
        book = next;
    }

    private static String text(List<Change> changes) {
        return String.join("\n", changes.stream().map(OrderText::of).toList());
    }

    /**
     * Forgets what is ordered for a patient. Returns once it is gone from the file.
     *
     * @return whether anything was
     */
    synchronized boolean erase(Predicate<PatientId> isMeant) throws IOException {
        List<Change> gone = new ArrayList<>();
        for (Order order : book.all()) {
            Optional<PatientId> of =
                    PatientId.of(order.patient().number(), order.patient().authority(), "");
            if (of.isPresent() && isMeant.test(of.get())) {
                gone.add(new Change.Cancel(order.id()));
            }
        }
        OrderBook next = book.with(gone, 0);
        // Lines of the past are in the file still.
        rewrite(next.all(), List.of(key));
        book = next;
        return !gone.isEmpty();
    }

    /** Writes all anew, once for each key: whichever is there after a power cut can read it. The last is the one in use. */
    synchronized void writeFor(SiteKey... keys) throws IOException {
        rewrite(book.all(), List.of(keys));
        key = keys[keys.length - 1];
    }

    private void rewrite(Iterable<Order> orders, List<SiteKey> keys) throws IOException {
        List<String> texts = new ArrayList<>();
        orders.forEach(order -> texts.add(OrderText.of(new Change.Put(order))));
        texts.add(text(List.copyOf(book.taken())));
        texts.add(
                String.join("\n", commands.stream().map(each -> COMMAND + each).toList()));
        List<String> lines = new ArrayList<>();
        for (SiteKey each : keys) {
            texts.forEach(text -> lines.add(each.lock(text, OF)));
        }
        log.replace(lines);
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }
}
