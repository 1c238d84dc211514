package org.wasla.gateway.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. From this box itself everybody sees, and changes where no PIN is configured; from elsewhere nobody
 * does anything without one. One thread, but for {@link #role(char[])}.
 */
final class Access {
    private static final int TOKEN_BYTES = 32;
    private final PageSettings settings;
    private final @Nullable Pins pins;
    private final SecureRandom random = new SecureRandom();
    private final Sessions sessions = new Sessions(this::token);
    private final Throttle throttle = new Throttle();
    private final String csrf = token();

    /**
     * Who asks.
     *
     * @param token of the session; null: there is none
     * @param csrf what a change has to bring
     */
    record Caller(Role role, @Nullable String token, String csrf) {
        @Override
        public String toString() {
            return "Caller[" + role + "]";
        }
    }

    Access(PageSettings settings, @Nullable Pins pins) {
        this.settings = settings;
        this.pins = pins;
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The cookie's name; with TLS one that no other host can set (RFC 6265bis, 4.1.3.2). */
    String cookie() {
        return settings.tls() == null ? "wasla" : "__Host-wasla";
    }

    /** The cookie's attributes. */
    String cookieRules() {
        return "; Path=/; HttpOnly; SameSite=Strict" + (settings.tls() == null ? "" : "; Secure");
    }

    boolean hasPins() {
        return pins != null;
    }

    /** @param isUse whether it keeps a session alive */
    Caller caller(@Nullable String token, long nowNs, boolean isUse) {
        Optional<Sessions.Session> session = token == null ? Optional.empty() : sessions.find(token, nowNs, isUse);
        if (session.isPresent()) {
            return new Caller(session.get().role(), token, session.get().csrf());
        }
        Role role = !settings.isLocal() ? Role.NOBODY : pins == null ? Role.INSTALLER : Role.VIEWER;
        return new Caller(role, null, csrf);
    }

    boolean isGenuine(Caller caller, @Nullable String sent) {
        return sent != null
                && MessageDigest.isEqual(
                        sent.getBytes(StandardCharsets.UTF_8), caller.csrf().getBytes(StandardCharsets.UTF_8));
    }

    /** @return how long the address has to wait, ns; 0: it may try, and that counts from now on */
    long tries(String address, long nowNs) {
        long waitNs = throttle.waitNs(address, nowNs);
        if (waitNs == 0) {
            throttle.tried(address, nowNs);
        }
        return waitNs;
    }

    /** Slow by intent; from any thread. */
    Role role(char[] pin) {
        return pins == null ? Role.NOBODY : pins.role(pin);
    }

    Sessions.Session begin(Role role, String address, long nowNs) {
        throttle.right(address);
        return sessions.begin(role, address, nowNs);
    }

    void end(@Nullable String token) {
        if (token != null) {
            sessions.end(token);
        }
    }
}
