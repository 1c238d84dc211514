package org.wasla.gateway.remote;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The last lines of the log, in memory: at most {@value #LINES_MAX} of {@value #CHARS_MAX} characters. Thread-safe. Nothing of a
 * patient is ever logged.
 */
final class LogRing extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    static final int LINES_MAX = 500;
    static final int CHARS_MAX = 400;
    private final Deque<String> lines = new ArrayDeque<>();

    /** Hears all that is logged from now on, until it is closed; nothing where another library logs. */
    static LogRing attach() {
        LogRing ring = new LogRing();
        ring.setName("ring");
        ring.start();
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            ring.setContext(root.getLoggerContext());
            root.addAppender(ring);
        }
        return ring;
    }

    @Override
    protected void append(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        String name = event.getLoggerName();
        String text = Instant.ofEpochMilli(event.getTimeStamp()) + " " + event.getLevel() + " "
                + name.substring(name.lastIndexOf('.') + 1) + " " + event.getFormattedMessage()
                + (thrown == null ? "" : " " + thrown.getClassName());
        String line = text.replaceAll("\\p{Cntrl}", " ");
        synchronized (lines) {
            lines.addLast(line.length() > CHARS_MAX ? line.substring(0, CHARS_MAX) : line);
            if (lines.size() > LINES_MAX) {
                lines.removeFirst();
            }
        }
    }

    /** The newest lines, the oldest of them first. */
    List<String> last(int count) {
        synchronized (lines) {
            List<String> all = new ArrayList<>(lines);
            return all.subList(Math.max(0, all.size() - count), all.size());
        }
    }

    @Override
    public void close() {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.detachAppender(this);
        }
        stop();
    }
}
