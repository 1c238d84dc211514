package org.wasla.gateway.page;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the page over HTTP/1.1. Owns two threads: {@code page} moves bytes, {@code page-work} does what takes longer. A
 * page that cannot be served keeps nothing else from running. Thread-safe.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the loop runs until close, and what cannot be bound is told
public final class PageServer implements AutoCloseable {
    /** With a key of RSA the defaults would have some without forward secrecy; browsers need none of them (RFC 9325, 4). */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
    /** For a whole request, and for a connection on which nothing is asked. */
    private static final long REQUEST_MS = 30_000;

    private static final int CONNECTIONS_MAX = 32;
    private static final int LINE_BYTES_MAX = 2_048;
    private static final int HEADER_BYTES_MAX = 8_192;
    private static final int BODY_BYTES_MAX = 4_096;
    private static final int WORK_MAX = 32;
    private static final int HIGH_BYTES = 256 << 10;
    private static final int LOW_BYTES = 64 << 10;
    private static final List<String> LANGUAGES = List.of("fr", "en", "ar");
    private static final long STOP_MS = 2_000;

    private final PageSettings settings;
    private final Box box;
    private final Access access;
    private final Routes routes;
    private final Hosts hosts;
    private final Streams streams;
    private final @Nullable SslContext tls;
    private final String fingerprint;
    private final long requestMs;
    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("page", true), NioIoHandler.newFactory());
    private final ThreadPoolExecutor work = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WORK_MAX), new DefaultThreadFactory("page-work", true));
    /** The loop's. */
    private int connections;

    private boolean isViewing;

    /** @throws IOException when certificate or PINs cannot be used */
    public PageServer(PageSettings settings, Box box) throws IOException {
        this(settings, box, REQUEST_MS);
    }

    /** With another patience for whole requests. */
    PageServer(PageSettings settings, Box box, long requestMs) throws IOException {
        this.requestMs = requestMs;
        this.settings = settings;
        this.box = box;
        PageSettings.Tls how = settings.tls();
        OwnCertificate certificate = how == null ? null : OwnCertificate.open(how, box.name(), settings.host());
        this.tls = certificate == null ? null : context(certificate);
        this.fingerprint = certificate == null ? "" : certificate.fingerprint();
        this.access = new Access(settings, settings.pin() == null ? null : Pins.read(settings.pin()));
        this.hosts = new Hosts(settings.names(), settings.port(), tls != null);
        this.routes = new Routes(box, new Assets(words(box)), access, fingerprint);
        this.streams = new Streams(access);
    }

    /** SHA-256 of the certificate that a page with TLS shows, in hex digits; empty when it is not made yet. */
    public static String sha256(PageSettings.Tls tls) throws IOException {
        return OwnCertificate.sha256(tls);
    }

    private static Map<String, String> words(Box box) {
        Map<String, String> words = new HashMap<>();
        LANGUAGES.forEach(language -> words.put("/quality." + language + ".json", box.words(language)));
        return words;
    }

    private static SslContext context(OwnCertificate certificate) throws IOException {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(certificate.keys(), certificate.password());
            return SslContextBuilder.forServer(keys)
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .build();
        } catch (GeneralSecurityException unusable) {
            throw new IOException("the page's certificate cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    /** Begins to listen; a port that is taken is told in the log. */
    public void start() {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_BYTES, HIGH_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        prepare(channel);
                    }
                });
        String url = (tls == null ? "http" : "https") + "://" + settings.host() + ":" + settings.port();
        bootstrap.bind(new InetSocketAddress(settings.host(), settings.port())).addListener(bound -> {
            if (bound.isSuccess()) {
                LOG.info("page url={} fingerprint={}", url, fingerprint.isEmpty() ? "none" : fingerprint);
            } else {
                LOG.warn(
                        "page is not served url={} cause=\"{}\"; set page.listen to a free port",
                        url,
                        bound.cause().getMessage());
            }
        });
        loop.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void prepare(SocketChannel channel) {
        if (connections >= CONNECTIONS_MAX) {
            channel.close();
            return;
        }
        connections++;
        channel.closeFuture().addListener(closed -> connections--);
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline()
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(LINE_BYTES_MAX)
                        .setMaxHeaderSize(HEADER_BYTES_MAX)
                        .setMaxChunkSize(BODY_BYTES_MAX)))
                .addLast(new HttpObjectAggregator(BODY_BYTES_MAX, true))
                .addLast(new PageHandler(this));
    }

    /** The view is made beside the loop; while one is being made no other is begun. */
    private void tick() {
        if (!streams.isWatched() || isViewing) {
            return;
        }
        isViewing = true;
        boolean isTaken = work(() -> {
            String view = view();
            onLoop(() -> {
                isViewing = false;
                if (!view.isEmpty()) {
                    streams.send(view, System.nanoTime());
                }
            });
        });
        isViewing &= isTaken;
    }

    private String view() {
        try {
            return box.view();
        } catch (RuntimeException ourBug) {
            LOG.error("page could not be filled", ourBug);
            return "";
        }
    }

    /** Nothing when the server was closed meanwhile. */
    void onLoop(Runnable what) {
        try {
            loop.execute(what);
        } catch (RejectedExecutionException closed) {
            LOG.debug("page is closed, an answer was not given");
        }
    }

    /** @return false when too much waits already */
    boolean work(Runnable what) {
        try {
            work.execute(what);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    /** Beside the loop, since it waits for the disk; never left out. */
    void audit(String event, String address, String what) {
        if (!work(() -> box.audit(event, address, what))) {
            box.audit(event, address, what);
        }
    }

    /** Of the certificate that is served, six hex digits; empty without one. */
    String fingerprint() {
        return fingerprint;
    }

    long requestMs() {
        return requestMs;
    }

    Access access() {
        return access;
    }

    Routes routes() {
        return routes;
    }

    Hosts hosts() {
        return hosts;
    }

    Streams streams() {
        return streams;
    }

    @Override
    public void close() {
        // Never interrupted: what it does may be with the disk, and an interrupt closes the file for everybody.
        work.shutdown();
        try {
            if (!work.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("page is still at work at its end");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        loop.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MS);
    }
}
