package org.wasla.gateway.imaging;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the box receives. Immutable.
 *
 * @param title our application entity title
 * @param isAnyCalled whether calls to other titles are taken too
 * @param port 1 to 65535; 0 takes any free one
 * @param callers who may call; empty is everybody
 * @param dir where objects lie
 * @param maxBytes all objects together
 * @param quietMs how long a study is open after its last object
 * @param forward where objects go from here
 * @param steps how steps, commitment and worklist are served
 */
public record ImagingSettings(
        String title,
        boolean isAnyCalled,
        int port,
        List<Caller> callers,
        Path dir,
        long maxBytes,
        long quietMs,
        @Nullable Tls tls,
        Limits limits,
        ForwardSettings forward,
        StepSettings steps) {
    public ImagingSettings {
        callers = List.copyOf(callers);
    }

    /** Of a box that forwards nothing, and with nothing said of steps, commitment and worklist. */
    public ImagingSettings(
            String title,
            boolean isAnyCalled,
            int port,
            List<Caller> callers,
            Path dir,
            long maxBytes,
            long quietMs,
            @Nullable Tls tls,
            Limits limits) {
        this(
                title,
                isAnyCalled,
                port,
                callers,
                dir,
                maxBytes,
                quietMs,
                tls,
                limits,
                ForwardSettings.NONE,
                StepSettings.NONE);
    }

    /** The same with a store that takes nothing, and with no steps and no commitment: for who has no disk. */
    public ImagingSettings withoutRoom(Path folder) {
        return new ImagingSettings(
                title,
                isAnyCalled,
                port,
                callers,
                folder,
                0,
                quietMs,
                tls,
                limits,
                ForwardSettings.NONE,
                StepSettings.NONE);
    }

    /** The same, with these. */
    public ImagingSettings with(StepSettings served) {
        return new ImagingSettings(
                title, isAnyCalled, port, callers, dir, maxBytes, quietMs, tls, limits, forward, served);
    }

    /** A title that may call, from that address only where one is given. */
    public record Caller(String title, @Nullable String address) {}

    /**
     * A second port with TLS.
     *
     * @param key PKCS12 file with key and certificate
     * @param ca PEM file of those who sign the callers' certificates; null asks callers for none
     */
    public record Tls(int port, Path key, @Nullable Path ca) {}

    /**
     * How many at once.
     *
     * @param connections of which no association need have come
     * @param evictAfterMs how long an association must have been idle to make room for a new one
     */
    public record Limits(int connections, int associations, int perCaller, long evictAfterMs) {
        public static final Limits USUAL = new Limits(64, 32, 16, 10_000);
    }
}
