package org.wasla.ops.fleet;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** One MQTT 5 connection, non-blocking: what is needed of the protocol and no more. Lives on one event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the connection, and is told there
final class Wire extends SimpleChannelInboundHandler<MqttMessage> {
    static final int KEEP_ALIVE_S = 30;
    private static final int CONNECT_MS = 10_000;
    private static final int PACKET_BYTES_MAX = 1 << 20;
    private final MqttMessage connect;
    private final Owner owner;
    private boolean isOver;
    private boolean isUp;

    /** Hears what happens, on the event loop. */
    interface Owner {
        /** @param receiveMaximum as the broker says; 65535 when it says nothing */
        void up(Wire wire, boolean sessionPresent, int receiveMaximum);

        void acknowledged(int packetId, int reason);

        /**
         * Acknowledged when this returns.
         *
         * @param payload to be read now
         */
        void message(String topic, ByteBuf payload);

        /** Once, whatever the cause. */
        void over(String cause);
    }

    private Wire(MqttMessage connect, Owner owner) {
        this.connect = connect;
        this.owner = owner;
    }

    static void open(
            EventLoop loop, InetSocketAddress broker, InetSocketAddress self, MqttMessage connect, Owner owner) {
        Wire wire = new Wire(connect, owner);
        ChannelFuture future = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_LINGER, 0)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(MqttEncoder.INSTANCE, new MqttDecoder(PACKET_BYTES_MAX), wire);
                    }
                })
                .connect(broker, self);
        future.addListener(done -> {
            if (!done.isSuccess()) {
                wire.end(String.valueOf(done.cause().getMessage()));
            }
        });
    }

    @SuppressWarnings("NullAway.Init") // set by Netty before anything else is called
    private ChannelHandlerContext context;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        active.writeAndFlush(connect);
        active.executor()
                .schedule(
                        () -> {
                            if (!isUp) {
                                end("no CONNACK within 10 s");
                            }
                        },
                        CONNECT_MS,
                        TimeUnit.MILLISECONDS);
        ping();
    }

    private void ping() {
        context.executor()
                .schedule(
                        () -> {
                            if (!isOver) {
                                context.writeAndFlush(MqttMessage.PINGREQ);
                                ping();
                            }
                        },
                        KEEP_ALIVE_S * 2 / 3,
                        TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext from, MqttMessage message) {
        if (message.decoderResult().isFailure()) {
            end("not MQTT: " + message.decoderResult().cause().getMessage());
            return;
        }
        switch (message.fixedHeader().messageType()) {
            case CONNACK -> connected((MqttConnAckMessage) message);
            case PUBACK -> acknowledged((MqttMessageIdVariableHeader) message.variableHeader());
            case PUBLISH -> published((MqttPublishMessage) message);
            case DISCONNECT ->
                end("DISCONNECT 0x"
                        + Integer.toHexString(
                                message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader reason
                                        ? reason.reasonCode() & 0xff
                                        : 0));
            default -> {
                // SUBACK and PINGRESP say nothing that is needed here
            }
        }
    }

    private void connected(MqttConnAckMessage message) {
        int code = message.variableHeader().connectReturnCode().byteValue() & 0xff;
        if (code != 0) {
            end("CONNACK 0x" + Integer.toHexString(code));
            return;
        }
        isUp = true;
        var maximum = message.variableHeader().properties().getProperty(33);
        owner.up(
                this,
                message.variableHeader().isSessionPresent(),
                maximum == null ? 65_535 : ((Number) maximum.value()).intValue());
    }

    private void acknowledged(MqttMessageIdVariableHeader header) {
        int reason = header instanceof MqttPubReplyMessageVariableHeader reply ? reply.reasonCode() & 0xff : 0;
        owner.acknowledged(header.messageId(), reason);
    }

    private void published(MqttPublishMessage message) {
        owner.message(message.variableHeader().topicName(), message.payload());
        if (message.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
            MqttFixedHeader header = new MqttFixedHeader(MqttMessageType.PUBACK, false, MqttQoS.AT_MOST_ONCE, false, 0);
            context.write(new MqttMessage(
                    header,
                    MqttMessageIdVariableHeader.from(message.variableHeader().packetId())));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        from.flush();
    }

    /** QoS 1; goes out with the next {@link #flush}. */
    void publish(String topic, byte[] payload, int packetId, boolean retained) {
        context.write(MqttMessageBuilders.publish()
                .topicName(topic)
                .qos(MqttQoS.AT_LEAST_ONCE)
                .retained(retained)
                .messageId(packetId)
                .payload(Unpooled.wrappedBuffer(payload))
                .build());
    }

    void subscribe(String filter) {
        context.writeAndFlush(MqttMessageBuilders.subscribe()
                .messageId(1)
                .addSubscription(MqttQoS.AT_LEAST_ONCE, filter)
                .build());
    }

    boolean isWritable() {
        return context.channel().isWritable();
    }

    void flush() {
        context.flush();
    }

    /** As a network that goes: no word to the broker. */
    void cut() {
        end("cut");
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
        end("closed by the broker");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        end(String.valueOf(cause.getMessage()));
    }

    private void end(String cause) {
        if (isOver) {
            return;
        }
        isOver = true;
        if (context != null) {
            context.close();
        }
        owner.over(cause);
    }
}
