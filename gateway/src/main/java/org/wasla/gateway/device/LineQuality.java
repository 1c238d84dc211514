package org.wasla.gateway.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What is wrong with a line, told from what came over it: a cause and what to try next, in words of three languages. A
 * decision table over counts of the last half minute or so; it guesses a cause, never a value. Stateless.
 */
public enum LineQuality {
    GOOD,
    /** Good, and nothing has come in the last moments. */
    IDLE,
    /** Nothing has come, from a device that sends only when it has something: a scanner, an analyser. */
    WAITING,
    /** Not opened yet. */
    STARTING,
    /** The file of the port is not there. */
    PORT_MISSING,
    /** The port is there and cannot be opened, or broke. */
    PORT_UNUSABLE,
    /** The network device does not answer. */
    UNREACHABLE,
    /** Not one byte. */
    SILENT,
    /** Only 00 or ff: the line itself lies. */
    FLAT,
    /** Bytes that are no text, and no whole frame. */
    WRONG_SPEED,
    /** Text, and no whole frame. */
    WRONG_PROFILE,
    /** Frames are seen, and the check of each fails. */
    FAILED_CHECKS,
    /** Whole frames, and more damage than a start explains. */
    DISTURBED,
    /** Whole frames before, none lately, while bytes arrive. */
    LOST_STEP;

    /** Damage up to this part of the bytes is what starting in the middle of a frame costs. */
    private static final int DISTURBED_PERCENT = 3;

    private static final int TEXT_PERCENT = 90;
    private static final int FLAT_PERCENT = 95;
    /** Fewer bytes say nothing. */
    private static final long BYTES_MIN = 8;

    /**
     * What came over a line in a while.
     *
     * @param bytes all of them
     * @param text of those, printable ASCII, line ends and the controls of framing
     * @param flat of those, 00 or ff
     * @param frames whole ones
     * @param skipped bytes that were part of no whole frame
     * @param failed frames whose check failed
     */
    public record Heard(long bytes, long text, long flat, long frames, long skipped, long failed) {}

    /**
     * The line itself.
     *
     * @param isNetwork else a serial port
     * @param isThere whether the port's file is there; true for the network
     * @param isSeldom whether the device is one that sends only now and then
     */
    public record Line(boolean isNetwork, boolean isThere, boolean isSeldom) {}

    public static LineQuality of(DeviceState state, boolean isStarting, Line line, Heard heard) {
        if (isStarting) {
            return STARTING;
        }
        if (state == DeviceState.FAULT || state == DeviceState.REMOVED) {
            return line.isNetwork() ? UNREACHABLE : line.isThere() ? PORT_UNUSABLE : PORT_MISSING;
        }
        if (heard.bytes() < BYTES_MIN) {
            return state == DeviceState.LINKED ? IDLE : line.isSeldom() ? WAITING : SILENT;
        }
        if (heard.frames() == 0) {
            return state == DeviceState.LINKED ? LOST_STEP : ofNoFrames(heard);
        }
        return heard.skipped() * 100 > heard.bytes() * DISTURBED_PERCENT ? DISTURBED : GOOD;
    }

    private static LineQuality ofNoFrames(Heard heard) {
        if (heard.flat() * 100 >= heard.bytes() * FLAT_PERCENT) {
            return FLAT;
        }
        if (heard.failed() > 0) {
            return FAILED_CHECKS;
        }
        return heard.text() * 100 >= heard.bytes() * TEXT_PERCENT ? WRONG_PROFILE : WRONG_SPEED;
    }

    /** Whether a byte speaks for text. */
    public static boolean isText(byte b) {
        return b >= ' ' && b <= '~' || b >= 1 && b <= 6 || b >= '\t' && b <= '\r' || b == 0x15 || b == 0x17;
    }

    /** Whether a byte is what a dead line gives. */
    public static boolean isFlat(byte b) {
        return b == 0 || b == -1;
    }

    /** Whether values can be trusted to come. */
    public boolean isSound() {
        return this == GOOD || this == IDLE || this == WAITING;
    }

    /** The name in {@link #words} and on the page. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The words of a language.
     *
     * @param language fr, en or ar
     * @return by {@code <key>.cause} and {@code <key>.next}; the second is empty where there is nothing to do
     */
    public static Map<String, String> words(String language) {
        Properties words = new Properties();
        try (InputStream in = LineQuality.class.getResourceAsStream("quality." + language + ".properties")) {
            if (in == null) {
                throw new IllegalArgumentException("no words in " + language);
            }
            Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
            words.load(reader);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        Map<String, String> sorted = new TreeMap<>();
        words.forEach((key, text) -> sorted.put(String.valueOf(key), String.valueOf(text)));
        return sorted;
    }
}
