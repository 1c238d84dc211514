package org.wasla.gateway.trust;

/** A token that is none: what is wrong, and what to do. */
public final class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    TokenException(String message) {
        super(message);
    }
}
