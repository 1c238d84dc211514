package org.wasla.gateway.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.frame.Bytes;

/**
 * A DIMSE command set: elements of group 0000, always implicit VR little endian (PS3.7 section 6.3.1 and annex E).
 * Immutable. Elements are named by their element number alone.
 *
 * <pre>
 * element   group 2 (0), number 2, length 4, value
 * </pre>
 */
public final class CommandSet {
    public static final int SOP_CLASS = 0x0002;
    public static final int REQUESTED_CLASS = 0x0003;
    public static final int COMMAND = 0x0100;
    public static final int MESSAGE_ID = 0x0110;
    public static final int REPLIED_TO = 0x0120;
    public static final int PRIORITY = 0x0700;
    public static final int DATA_SET_TYPE = 0x0800;
    public static final int STATUS = 0x0900;
    public static final int COMMENT = 0x0902;
    public static final int ERROR_ID = 0x0903;
    public static final int INSTANCE = 0x1000;
    public static final int REQUESTED_INSTANCE = 0x1001;
    public static final int EVENT_TYPE = 0x1002;
    public static final int ATTRIBUTES = 0x1005;
    public static final int ACTION_TYPE = 0x1008;

    public static final int C_STORE = 0x0001;
    public static final int C_FIND = 0x0020;
    public static final int C_ECHO = 0x0030;
    public static final int N_EVENT_REPORT = 0x0100;
    public static final int N_GET = 0x0110;
    public static final int N_SET = 0x0120;
    public static final int N_ACTION = 0x0130;
    public static final int N_CREATE = 0x0140;
    public static final int N_DELETE = 0x0150;
    public static final int C_CANCEL = 0x0fff;
    public static final int REPLY = 0x8000;

    public static final int SUCCESS = 0x0000;
    public static final int INVALID_INSTANCE = 0x0117;
    public static final int CLASS_NOT_SUPPORTED = 0x0122;
    public static final int UNRECOGNISED_OPERATION = 0x0211;
    public static final int OUT_OF_RESOURCES = 0xa700;

    static final int BYTES_MAX = 64 << 10;
    private static final int NO_DATA_SET = 0x0101;
    private static final int HEAD_BYTES = 8;
    private static final int COMMENT_CHARS_MAX = 64;

    private final TreeMap<Integer, Bytes> elements;

    private CommandSet(Map<Integer, Bytes> elements) {
        this.elements = new TreeMap<>(elements);
    }

    /** A command without a data set. */
    public static CommandSet of(int command) {
        return new CommandSet(Map.of()).with(COMMAND, command).with(DATA_SET_TYPE, NO_DATA_SET);
    }

    /** The answer to this command, with the class and instance that it named. */
    public CommandSet reply(int status) {
        CommandSet reply =
                of(command() | REPLY).with(REPLIED_TO, number(MESSAGE_ID, 0)).with(STATUS, status);
        for (int element : new int[] {SOP_CLASS, INSTANCE}) {
            reply = has(element) ? reply.with(element, text(element)) : reply;
        }
        return reply;
    }

    /** Null when the bytes are no command set. */
    static @Nullable CommandSet read(Bytes bytes) {
        Map<Integer, Bytes> elements = new TreeMap<>();
        int at = 0;
        while (at < bytes.size()) {
            if (bytes.size() - at < HEAD_BYTES || little(bytes, at, 2) != 0) {
                return null;
            }
            long length = little(bytes, at + 4, 4);
            if (length > bytes.size() - at - HEAD_BYTES) {
                return null;
            }
            int next = at + HEAD_BYTES + (int) length;
            elements.put((int) little(bytes, at + 2, 2), bytes.slice(at + HEAD_BYTES, next));
            at = next;
        }
        CommandSet set = new CommandSet(elements);
        return set.number(COMMAND, -1) >= 0 ? set : null;
    }

    private static long little(Bytes bytes, int at, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | bytes.at(at + i);
        }
        return value;
    }

    Bytes write() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        elements.forEach((number, value) -> element(body, number, value.toArray()));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] size = new byte[4];
        for (int i = 0; i < size.length; i++) {
            size[i] = (byte) (body.size() >> 8 * i);
        }
        element(all, 0, size);
        all.writeBytes(body.toByteArray());
        return Bytes.of(all.toByteArray());
    }

    private static void element(ByteArrayOutputStream out, int number, byte[] value) {
        out.write(0);
        out.write(0);
        out.write(number);
        out.write(number >> 8);
        for (int i = 0; i < 4; i++) {
            out.write(value.length >> 8 * i);
        }
        out.writeBytes(value);
    }

    public int command() {
        return number(COMMAND, 0);
    }

    /** Any value but one says that a data set follows. */
    public boolean hasDataSet() {
        return number(DATA_SET_TYPE, NO_DATA_SET) != NO_DATA_SET;
    }

    public boolean has(int element) {
        return elements.containsKey(element);
    }

    /** An unsigned 16 bit number; the other value when there is none of that length. */
    public int number(int element, int otherwise) {
        Bytes value = elements.getOrDefault(element, Bytes.NONE);
        return value.size() == 2 ? value.at(0) | value.at(1) << 8 : otherwise;
    }

    /** Without padding; "" when there is none. */
    public String text(int element) {
        return Uids.strip(elements.getOrDefault(element, Bytes.NONE).latin1()).strip();
    }

    /** The tags that are asked for; none where all are. */
    public List<Integer> tags() {
        Bytes value = elements.getOrDefault(ATTRIBUTES, Bytes.NONE);
        List<Integer> tags = new ArrayList<>();
        for (int at = 0; at + 4 <= value.size(); at += 4) {
            tags.add((int) (little(value, at, 2) << 16 | little(value, at + 2, 2)));
        }
        return tags;
    }

    public CommandSet with(int element, int number) {
        return with(element, Bytes.of(new byte[] {(byte) number, (byte) (number >> 8)}));
    }

    /** UIDs are padded with a zero, a comment is cut at 64 characters and padded with a space. */
    public CommandSet with(int element, String text) {
        boolean isComment = element == COMMENT;
        String cut = isComment && text.length() > COMMENT_CHARS_MAX ? text.substring(0, COMMENT_CHARS_MAX) : text;
        String even = cut.length() % 2 == 0 ? cut : cut + (isComment ? " " : "\0");
        return with(element, Bytes.of(even.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** The same command, followed by a data set. */
    public CommandSet withDataSet() {
        return with(DATA_SET_TYPE, 1);
    }

    private CommandSet with(int element, Bytes value) {
        CommandSet set = new CommandSet(elements);
        set.elements.put(element, value);
        return set;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CommandSet that && elements.equals(that.elements);
    }

    @Override
    public int hashCode() {
        return elements.hashCode();
    }

    /** Without texts: instance UIDs are near to patients. */
    @Override
    public String toString() {
        return String.format("command %04x status %04x", command(), number(STATUS, 0));
    }
}
