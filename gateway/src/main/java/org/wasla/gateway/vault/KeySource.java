package org.wasla.gateway.vault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where the secret comes from that the data key is wrapped with: what the board or its system offers. Immutable.
 *
 * <pre>
 * credential:NAME   a credential of the systemd unit: the file NAME in $CREDENTIALS_DIRECTORY
 * otp               the private key in the one-time memory of a Raspberry Pi, as rpi-otp-private-key prints it
 * otp:PATH          the same, printed by another program
 * file:PATH         a file
 * (empty)           none: nothing is encrypted
 * </pre>
 */
public record KeySource(Kind kind, String name) {
    /** Nothing is encrypted. */
    public static final KeySource NONE = new KeySource(Kind.NONE, "");

    public static final String REMEDY = "write credential:NAME, otp, file:/path, or leave it out";
    private static final String OTP_PROGRAM = "/usr/bin/rpi-otp-private-key";
    private static final int OTP_DIGITS = 64;
    private static final int SECRET_BYTES_MIN = 16;
    private static final int SECRET_BYTES_MAX = 64 << 10;
    private static final int PROGRAM_S = 20;

    /** What kind of place it is. */
    public enum Kind {
        NONE,
        CREDENTIAL,
        OTP,
        FILE
    }

    /** Empty when the text names no such place. */
    public static Optional<KeySource> of(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String name = colon < 0 ? "" : text.substring(colon + 1);
        try {
            return switch (kind) {
                case "" -> text.isEmpty() ? Optional.of(NONE) : Optional.empty();
                case "credential" ->
                    name.matches("[A-Za-z0-9_.-]{1,64}") && !name.startsWith(".")
                            ? Optional.of(new KeySource(Kind.CREDENTIAL, name))
                            : Optional.empty();
                case "otp" ->
                    colon < 0
                            ? Optional.of(new KeySource(Kind.OTP, OTP_PROGRAM))
                            : Path.of(name).isAbsolute()
                                    ? Optional.of(new KeySource(Kind.OTP, name))
                                    : Optional.empty();
                case "file" ->
                    Path.of(name).isAbsolute() ? Optional.of(new KeySource(Kind.FILE, name)) : Optional.empty();
                default -> Optional.empty();
            };
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }

    public boolean isNone() {
        return kind == Kind.NONE;
    }

    /** As it stands in a configuration. */
    public String text() {
        return switch (kind) {
            case NONE -> "";
            case CREDENTIAL -> "credential:" + name;
            case OTP -> name.equals(OTP_PROGRAM) ? "otp" : "otp:" + name;
            case FILE -> "file:" + name;
        };
    }

    /** The secret, at least 16 bytes. Blocks while a program runs, at most 20 s. */
    byte[] secret(Map<String, String> environment) throws IOException {
        return switch (kind) {
            case NONE -> throw new IllegalStateException("no key is configured");
            case CREDENTIAL -> credential(environment);
            case OTP -> otp();
            case FILE -> file(Path.of(name), "correct buffer.key, or give the right to read it");
        };
    }

    private byte[] credential(Map<String, String> environment) throws IOException {
        String folder = environment.get("CREDENTIALS_DIRECTORY");
        if (folder == null || folder.isEmpty()) {
            throw new IOException("buffer.key is credential:" + name + ", and systemd has passed none; add"
                    + " LoadCredentialEncrypted=" + name + ":... to the unit, or run this command under"
                    + " systemd-run --pipe --wait -p LoadCredentialEncrypted=" + name + ":...");
        }
        return file(Path.of(folder).resolve(name), "add LoadCredentialEncrypted=" + name + ":... to the unit");
    }

    private static byte[] file(Path file, String remedy) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException("buffer.key leads to " + file + ", which cannot be read; " + remedy);
        }
        if (Files.size(file) < SECRET_BYTES_MIN || Files.size(file) > SECRET_BYTES_MAX) {
            throw new IOException("buffer.key leads to " + file + ", which has " + Files.size(file)
                    + " bytes; make it of 32 random ones: head -c 32 /dev/urandom");
        }
        return Files.readAllBytes(file);
    }

    private byte[] otp() throws IOException {
        String printed = printed();
        if (!printed.matches("[0-9a-fA-F]{" + OTP_DIGITS + "}")) {
            throw new IOException(name + " has printed no key of " + OTP_DIGITS
                    + " hex digits; the one-time memory of a" + " BCM2711 or BCM2712 holds one");
        }
        byte[] secret = HexFormat.of().parseHex(printed.toLowerCase(java.util.Locale.ROOT));
        if (Arrays.equals(secret, new byte[secret.length])) {
            throw new IOException("the one-time memory of this board holds no key yet; write one once (it can never be"
                    + " changed): rpi-otp-private-key -w");
        }
        return secret;
    }

    private String printed() throws IOException {
        if (!Files.isExecutable(Path.of(name))) {
            throw new IOException("buffer.key is otp, and " + name + " is no program here; install rpi-eeprom, or write"
                    + " otp:/path/to/program");
        }
        Process program = new ProcessBuilder(name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            program.getOutputStream().close();
            byte[] out = program.getInputStream().readNBytes(OTP_DIGITS * 4);
            if (!program.waitFor(PROGRAM_S, TimeUnit.SECONDS) || program.exitValue() != 0) {
                throw new IOException(name + " has failed; the agent's user needs the right to use /dev/vcio");
            }
            return new String(out, StandardCharsets.US_ASCII).strip();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(name + " was interrupted", stopped);
        } finally {
            program.destroyForcibly();
        }
    }
}
