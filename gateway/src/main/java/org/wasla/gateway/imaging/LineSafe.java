package org.wasla.gateway.imaging;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wasla.gateway.vault.Safe;
import org.wasla.gateway.vault.WrongKeyException;

/**
 * The lines of a store's logs ({@link Instance#line}), locked where the box is encrypted: such a line is a whole one with two
 * fields, L and what is locked, so that a torn one is told apart without the key. Thread-safe.
 */
final class LineSafe {
    static final LineSafe NONE = new LineSafe(Safe.NONE);
    private static final String LOCKED = "L";
    private static final String ABOUT = "imaging";

    private final Safe safe;

    LineSafe(Safe safe) {
        this.safe = safe;
    }

    /** @param line as {@link Instance#line} makes it, with its end */
    String locked(String line) {
        return safe.isLocking()
                ? Instance.line(List.of(LOCKED, safe.lockLine(line.substring(0, line.length() - 1), ABOUT)))
                : line;
    }

    /**
     * The fields of a line, locked or not; null when it is torn or was changed.
     *
     * @throws WrongKeyException when another key locked it
     */
    @Nullable
    List<String> fields(String line) throws IOException {
        List<String> fields = Instance.fields(line);
        if (fields == null || fields.size() != 2 || !fields.get(0).equals(LOCKED)) {
            return fields;
        }
        try {
            return Instance.fields(safe.unlockLine(fields.get(1), ABOUT));
        } catch (WrongKeyException notOurs) {
            throw notOurs;
        } catch (IOException changed) {
            return null;
        }
    }

    Safe safe() {
        return safe;
    }
}
