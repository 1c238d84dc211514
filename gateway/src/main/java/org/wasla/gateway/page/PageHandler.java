package org.wasla.gateway.page;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wasla.gateway.page.Access.Caller;

/**
 * One browser's connection: a request at a time, each whole within its time, and an answer to each. One thread, the
 * server's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a browser that is gone is told by channelInactive
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(PageHandler.class);
    private static final String CSRF = "x-wasla-csrf";
    private static final int BUSY = 503;

    private final PageServer server;
    private @Nullable Future<?> deadline;
    private boolean isBusy;
    private boolean isStream;

    PageHandler(PageServer server) {
        this.server = server;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        await(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        endAwait();
    }

    /** Slow clients do not hold places. */
    private void await(ChannelHandlerContext context) {
        endAwait();
        deadline = context.executor().schedule(() -> context.close(), server.requestMs(), TimeUnit.MILLISECONDS);
    }

    private void endAwait() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client that breaks its connection, or speaks no HTTP or TLS, is no fault of ours.
        LOG.debug("page connection ended cause=\"{}\"", cause.toString());
        context.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (isBusy || isStream) {
            // Browsers ask one thing at a time on a connection.
            context.close();
            return;
        }
        isBusy = true;
        endAwait();
        boolean stays = HttpUtil.isKeepAlive(request);
        if (!request.decoderResult().isSuccess()) {
            reply(context, Reply.empty(400), false);
            return;
        }
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host == null || !server.hosts().isOurs(host)) {
            reply(context, Routes.forbidden("host"), false);
            return;
        }
        QueryStringDecoder address = new QueryStringDecoder(request.uri());
        if (request.method().equals(HttpMethod.GET)) {
            get(context, request, address, stays);
        } else if (request.method().equals(HttpMethod.POST)) {
            post(context, request, host, address.path(), stays);
        } else {
            reply(context, Reply.empty(405), stays);
        }
    }

    private void get(
            ChannelHandlerContext context, FullHttpRequest request, QueryStringDecoder address, boolean stays) {
        Reply asset = server.routes().asset(address.path(), request.headers().get(HttpHeaderNames.IF_NONE_MATCH));
        if (asset != null) {
            reply(context, asset, stays);
            return;
        }
        Caller caller = caller(request, !address.path().equals("/events"));
        if (address.path().equals("/api/session")) {
            reply(context, server.routes().session(caller), stays);
        } else if (!caller.role().mayBe(Role.VIEWER)) {
            reply(context, Routes.forbidden("login"), stays);
        } else {
            see(context, address, caller, stays);
        }
    }

    private void see(ChannelHandlerContext context, QueryStringDecoder address, Caller caller, boolean stays) {
        Routes routes = server.routes();
        switch (address.path()) {
            case "/events" -> stream(context, caller);
            case "/api/notes" -> {
                String profile = parameter(address.parameters(), "profile");
                String language = parameter(address.parameters(), "lang");
                later(context, stays, () -> routes.notes(profile, language));
            }
            case "/api/capture" -> {
                if (caller.role().mayBe(Role.INSTALLER)) {
                    later(context, stays, routes::captured);
                } else {
                    reply(context, Routes.forbidden("login"), stays);
                }
            }
            default -> reply(context, Routes.missing(), stays);
        }
    }

    private static String parameter(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of("")).get(0);
    }

    private Caller caller(FullHttpRequest request, boolean isUse) {
        String cookies = request.headers().get(HttpHeaderNames.COOKIE);
        String token = null;
        if (cookies != null) {
            for (Cookie cookie : ServerCookieDecoder.STRICT.decode(cookies)) {
                token = cookie.name().equals(server.access().cookie()) ? cookie.value() : token;
            }
        }
        return server.access().caller(token, System.nanoTime(), isUse);
    }

    private void post(ChannelHandlerContext context, FullHttpRequest request, String host, String path, boolean stays) {
        Caller caller = caller(request, true);
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        boolean isOurs = server.hosts().isOwnOrigin(request.headers().get(HttpHeaderNames.ORIGIN), host)
                && server.access().isGenuine(caller, request.headers().get(CSRF));
        byte[] body = new byte[request.content().readableBytes()];
        request.content().readBytes(body);
        if (!isOurs) {
            reply(context, Routes.forbidden("csrf"), stays);
        } else if (!type.startsWith("application/json")) {
            reply(context, Reply.empty(415), stays);
        } else if (path.equals("/api/login")) {
            login(context, body, stays);
        } else if (path.equals("/api/logout")) {
            server.access().end(caller.token());
            server.audit("page-logout", address(context), caller.role().wire());
            reply(context, server.routes().loggedOut(), stays);
        } else if (!path.equals("/api/setup") && !path.equals("/api/device")) {
            reply(context, Routes.missing(), stays);
        } else if (!caller.role().mayBe(Role.INSTALLER)) {
            reply(context, Routes.forbidden("login"), stays);
        } else {
            String by = address(context);
            later(context, stays, () -> server.routes().change(path, body, by));
        }
    }

    private static String address(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress peer
                ? peer.getAddress().getHostAddress()
                : "unknown";
    }

    private void login(ChannelHandlerContext context, byte[] body, boolean stays) {
        Access access = server.access();
        String address = address(context);
        char[] pin = Routes.pin(body);
        long waitNs = pin == null ? 0 : access.tries(address, System.nanoTime());
        if (pin == null) {
            reply(context, Reply.refused(400, "pin-form", ""), stays);
        } else if (waitNs > 0) {
            long waitS = 1 + TimeUnit.NANOSECONDS.toSeconds(waitNs);
            reply(
                    context,
                    Reply.refused(429, "pin-wait", String.valueOf(waitS)).with("Retry-After", String.valueOf(waitS)),
                    stays);
        } else {
            work(context, stays, () -> access.role(pin), role -> {
                Arrays.fill(pin, ' ');
                server.audit(role == Role.NOBODY ? "page-login-refused" : "page-login", address, role.wire());
                return role == Role.NOBODY
                        ? Routes.forbidden("pin-wrong")
                        : server.routes().loggedIn(access.begin(role, address, System.nanoTime()));
            });
        }
    }

    private void stream(ChannelHandlerContext context, Caller caller) {
        if (server.streams().open(context, caller.token())) {
            isStream = true;
        } else {
            reply(context, Reply.refused(BUSY, "too-many", ""), false);
        }
    }

    private void later(ChannelHandlerContext context, boolean stays, Supplier<Reply> makes) {
        work(context, stays, makes, reply -> reply);
    }

    /** Makes a reply of what is done beside the loop; that part runs on the loop again. */
    private interface Then<T> {
        Reply reply(T done);
    }

    private <T> void work(ChannelHandlerContext context, boolean stays, Supplier<T> what, Then<T> then) {
        boolean isTaken = server.work(() -> {
            try {
                T done = what.get();
                server.onLoop(() -> reply(context, then.reply(done), stays));
            } catch (RuntimeException ourBug) {
                LOG.error("page could not answer", ourBug);
                server.onLoop(() -> reply(context, Reply.empty(500), false));
            }
        });
        if (!isTaken) {
            reply(context, Reply.refused(BUSY, "busy", ""), stays);
        }
    }

    private void reply(ChannelHandlerContext context, Reply reply, boolean stays) {
        isBusy = false;
        var response = reply.response();
        HttpUtil.setKeepAlive(response, stays);
        var written = context.writeAndFlush(response);
        if (stays) {
            await(context);
        } else {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }
}
