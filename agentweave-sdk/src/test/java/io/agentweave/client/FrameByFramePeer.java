package io.agentweave.client;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.Payload;
import io.agentweave.identity.IdentitySource;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A proven peer that ends each request frame by frame, as its test says, once all of it came. */
final class FrameByFramePeer implements AutoCloseable {
  /** Ends one request; {@code number} counts from 1. */
  interface Script {
    void end(int number, Exchange exchange);
  }

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final Script script;
  private final int port;

  private FrameByFramePeer(IdentitySource identity, Script script) {
    this.script = script;
    SslContext tls = ScriptedPeer.tls(identity);
    this.port =
        ((InetSocketAddress)
                new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(
                        new ChannelInitializer<SocketChannel>() {
                          @Override
                          protected void initChannel(SocketChannel channel) {
                            connections.incrementAndGet();
                            channel
                                .pipeline()
                                .addLast(tls.newHandler(channel.alloc()))
                                .addLast(Http2FrameCodecBuilder.forServer().build())
                                .addLast(new Requests());
                          }
                        })
                    .bind("127.0.0.1", 0)
                    .syncUninterruptibly()
                    .channel()
                    .localAddress())
            .getPort();
  }

  static FrameByFramePeer start(IdentitySource identity, Script script) {
    return new FrameByFramePeer(identity, script);
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  int connections() {
    return connections.get();
  }

  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    loops.shutdownGracefully();
  }

  private final class Requests extends SimpleChannelInboundHandler<Http2Frame> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, Http2Frame frame) {
      if (frame instanceof Http2DataFrame data && data.isEndStream()) {
        script.end(requests.incrementAndGet(), new Exchange(context, data.stream()));
      }
    }
  }

  /** What can be said to one request. */
  record Exchange(ChannelHandlerContext context, Http2FrameStream stream) {
    void complete() {
      byte[] message =
          ScriptedPeer.response(TaskResult.completed(new Part.DataPart(Payload.ofJson("{}"))))
              .toByteArray();
      ByteBuf framed = Unpooled.buffer();
      framed.writeByte(0).writeInt(message.length).writeBytes(message);
      context.write(new DefaultHttp2HeadersFrame(headers()).stream(stream));
      context.write(new DefaultHttp2DataFrame(framed).stream(stream));
      end(new DefaultHttp2Headers().set("grpc-status", "0"));
    }

    /** Ends with this status and nothing else. */
    void status(int code, String message) {
      end(headers().set("grpc-status", "" + code).set("grpc-message", message));
    }

    void headersThenReset(Http2Error error) {
      context.write(new DefaultHttp2HeadersFrame(headers()).stream(stream));
      reset(error);
    }

    void reset(Http2Error error) {
      context.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
    }

    /** Ends the connection as of before its first request. */
    void goAway(Http2Error error) {
      ChannelHandlerContext codec = context.pipeline().context(Http2FrameCodec.class);
      ((Http2FrameCodec) codec.handler())
          .goAway(codec, 0, error.code(), Unpooled.EMPTY_BUFFER, codec.newPromise());
      codec.flush();
    }

    private static Http2Headers headers() {
      return new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
    }

    private void end(Http2Headers trailers) {
      context.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true).stream(stream));
    }
  }
}
