package org.wasla.gateway.outbox;

import java.io.IOException;
import java.nio.file.Path;

/** The buffer cannot be looked at while its owner, a running agent, writes it. */
public final class InUseException extends IOException {

    private static final long serialVersionUID = 1L;

    InUseException(Path dir) {
        super("the buffer in " + dir + " is in use by a running wasla");
    }
}
