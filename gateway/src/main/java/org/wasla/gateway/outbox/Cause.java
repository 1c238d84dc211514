package org.wasla.gateway.outbox;

import java.io.IOException;
import java.sql.SQLException;
import org.h2.api.ErrorCode;
import org.h2.mvstore.MVStoreException;

/** What lies under an exception of the store, in words that hold no patient data. Stateless. */
final class Cause {

    private static final int DEPTH_MAX = 20;

    private Cause() {}

    /** Whether the disk, or the user's share of it, is full. */
    static boolean isNoSpace(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++) {
            String message = cause.getMessage();
            if (cause instanceof IOException
                    && message != null
                    && (message.contains("No space left") || message.contains("quota exceeded"))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Whether another program holds the file. */
    static boolean isInUse(Throwable failure) {
        return failure instanceof SQLException sql && sql.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1;
    }

    /**
     * Whether a kill or a power cut came between the making of a file and its first block: H2 would go on making it when
     * it may write. What blocks there are can be found in its bytes.
     */
    static boolean isHalfMade(Throwable failure) {
        return failure instanceof SQLException sql
                && (sql.getErrorCode() == ErrorCode.DATABASE_IS_READ_ONLY
                        || sql.getErrorCode() == ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1
                        || sql.getErrorCode() == ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1);
    }

    /** The innermost message that is safe to show: H2's own SQL messages may quote values. */
    static String text(Throwable failure) {
        if (isNoSpace(failure)) {
            return "no space left; free space, or put buffer.dir on a larger disk";
        }
        String text = failure.getClass().getSimpleName();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++) {
            if (cause instanceof SQLException sql) {
                text = "H2 error " + sql.getErrorCode();
            } else if (cause instanceof IOException || cause instanceof MVStoreException) {
                text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
            }
            cause = cause.getCause();
        }
        return text;
    }
}
