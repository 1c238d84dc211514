package org.wasla.gateway.vault;

import java.io.IOException;

/** What is locked was locked with another key than ours, or we have none: nothing is damaged, and nothing may be replaced. */
public final class WrongKeyException extends IOException {
    private static final long serialVersionUID = 1L;

    public WrongKeyException(String message) {
        super(message);
    }
}
