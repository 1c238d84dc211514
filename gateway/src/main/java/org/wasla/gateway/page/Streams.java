package org.wasla.gateway.page;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The browsers that watch: server-sent events, a message a second. A browser that does not take it skips messages, and
 * loses its place when it takes none for a while. One thread, the server's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a browser that is gone is told by its close future
final class Streams {
    static final int MAX = 8;
    private static final int STUCK_MAX = 10;
    private final Access access;
    private final Map<Channel, Watcher> watchers = new LinkedHashMap<>();

    /** @param stuck how many messages in a row it did not take */
    private record Watcher(@Nullable String token, int stuck) {}

    Streams(Access access) {
        this.access = access;
    }

    /** @return false when there is no place left */
    boolean open(ChannelHandlerContext context, @Nullable String token) {
        if (watchers.size() >= MAX) {
            return false;
        }
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        Reply.protect(head.headers());
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        head.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        HttpUtil.setTransferEncodingChunked(head, true);
        Channel channel = context.channel();
        watchers.put(channel, new Watcher(token, 0));
        channel.closeFuture().addListener(closed -> watchers.remove(channel));
        // The first words show the browser at once that it is connected.
        context.write(head);
        context.writeAndFlush(new DefaultHttpContent(text(": wasla\n\n")));
        return true;
    }

    boolean isWatched() {
        return !watchers.isEmpty();
    }

    void send(String json, long nowNs) {
        byte[] event = ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
        for (Map.Entry<Channel, Watcher> each : List.copyOf(watchers.entrySet())) {
            Channel channel = each.getKey();
            Watcher watcher = each.getValue();
            boolean maySee = access.caller(watcher.token(), nowNs, false).role().mayBe(Role.VIEWER);
            if (!maySee || watcher.stuck() >= STUCK_MAX) {
                channel.close();
            } else if (channel.isWritable()) {
                each.setValue(new Watcher(watcher.token(), 0));
                channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)));
            } else {
                each.setValue(new Watcher(watcher.token(), watcher.stuck() + 1));
            }
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
