package io.agentweave.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.agentweave.a2a.WireNames;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.validation.Json;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The answering half of an HTTP/1.1 request. The connection ends with the answer. */
final class HttpExchange implements Exchange {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private final ChannelHandlerContext ctx;
  private final String requestId;
  private final boolean wrongMethod;

  /**
   * @param wrongMethod the path is right, the method is not: 405 rather than 404
   */
  HttpExchange(ChannelHandlerContext ctx, String requestId, boolean wrongMethod) {
    this.ctx = ctx;
    this.requestId = requestId;
    this.wrongMethod = wrongMethod;
  }

  @Override
  public void answerEarly(Message reply) {
    finish(CallOutcome.completed(Reply.of(reply)));
  }

  @Override
  public boolean stream(StreamResponse event) {
    throw new IllegalStateException("nothing is streamed over HTTP/1.1");
  }

  @Override
  public void finish(CallOutcome<Reply> outcome) {
    switch (outcome) {
      case CallOutcome.Answered<Reply>(Reply reply, boolean completed) ->
          send(200, json(reply.message().orElseThrow()));
      case CallOutcome.Refused<Reply>(Refusal refusal) -> {
        boolean unknown =
            refusal instanceof Refusal.Protocol(String reason, String detail)
                && reason.equals(RequestReader.UNKNOWN_METHOD);
        send(
            unknown && wrongMethod ? 405 : RefusalStatus.httpStatus(refusal),
            Json.write(
                Map.of("error", refusal.kind().word(), WireNames.INFO_REQUEST_ID, requestId)));
      }
    }
  }

  @Override
  public boolean callerIsGone() {
    return !ctx.channel().isActive();
  }

  private void send(int status, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, WireNames.JSON)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set(WireNames.REQUEST_ID_HEADER, requestId);
    if (status == 405) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET");
    }
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private static byte[] json(Message message) {
    try {
      return PRINTER.print(message).getBytes(StandardCharsets.UTF_8);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a card holds nothing that JSON can't say", e);
    }
  }
}
