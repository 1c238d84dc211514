package org.wasla.gateway.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.wasla.gateway.uplink.Subscriber;

/**
 * Takes what a subscription brings, keeps ledger and table, and shows them: redrawn on a terminal, a line a record
 * elsewhere. Thread-safe.
 */
final class Watcher implements Subscriber.Listener {
    private final PrintStream out;
    private final Style style;
    private final Ledger ledger = new Ledger();
    private final WardTable table = new WardTable();
    private int drawnLines;
    private volatile String connection = "connecting";

    /** How to show. */
    enum Style {
        /** A table that is redrawn in place. */
        TABLE,
        /** One line a record. */
        LINES,
        /** One JSON object a message. */
        JSON,
        /** Nothing: the caller asks for what it wants. */
        QUIET
    }

    Watcher(PrintStream out, Style style) {
        this.out = out;
        this.style = style;
    }

    Ledger ledger() {
        return ledger;
    }

    WardTable table() {
        return table;
    }

    @Override
    public void message(String topic, byte[] payload) {
        Optional<Received> record = Received.of(payload);
        record.ifPresent(received -> {
            ledger.add(received, System.nanoTime());
            table.record(received);
        });
        Received.gap(payload).ifPresent(gap -> {
            ledger.gap(gap);
            table.gap(gap);
        });
        if (record.isEmpty() && topic.endsWith("/state")) {
            Json.object(payload)
                    .filter(state -> state.containsKey("dev"))
                    .ifPresent(state -> table.state(String.valueOf(state.get("dev")), String.valueOf(state.get("s"))));
        }
        if (style == Style.JSON) {
            print("{\"topic\":\"" + topic.replace("\"", "") + "\",\"record\":"
                    + new String(payload, StandardCharsets.UTF_8) + "}");
        } else if (style == Style.LINES) {
            record.ifPresent(received -> print(received.device() + " " + received.kind() + " " + received.seq() + "  "
                    + String.join("   ", received.values())));
        }
    }

    @Override
    public void unreadable(String topic, String why) {
        if (style != Style.QUIET) {
            System.err.println("unreadable on " + topic + ": " + why);
        }
    }

    @Override
    public void connection(String cause) {
        if (!cause.equals(connection) && style != Style.QUIET && !cause.isEmpty()) {
            System.err.println("no connection: " + cause + "; trying again");
        }
        if (cause.isEmpty()) {
            ledger.connected(System.nanoTime());
        } else {
            ledger.disconnected();
        }
        connection = cause;
    }

    /** @return empty when the connection stands */
    String connection() {
        return connection;
    }

    private synchronized void print(String line) {
        out.println(line);
    }

    /** Draws the table over the one drawn before. */
    synchronized void draw(String head) {
        StringBuilder text = new StringBuilder();
        if (drawnLines > 0) {
            text.append("\u001b[").append(drawnLines).append('A');
        }
        List<String> lines = table.lines(System.currentTimeMillis());
        text.append("\u001b[2K").append(head).append('\n');
        lines.forEach(line -> text.append("\u001b[2K").append(line).append('\n'));
        drawnLines = lines.size() + 1;
        out.print(text);
        out.flush();
    }
}
