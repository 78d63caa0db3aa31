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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The answering half of an HTTP/1.1 request. The connection ends with the answer. */
final class HttpExchange implements Exchange {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private static final String REVALIDATE = "private, no-cache, max-age=0";

  private final ChannelHandlerContext ctx;
  private final String requestId;
  private final Optional<String> ifNoneMatch;
  private final boolean wrongMethod;

  /**
   * @param ifNoneMatch the card that the caller has, by its tag
   * @param wrongMethod the path is right, the method is not: 405 rather than 404
   */
  HttpExchange(
      ChannelHandlerContext ctx,
      String requestId,
      Optional<String> ifNoneMatch,
      boolean wrongMethod) {
    this.ctx = ctx;
    this.requestId = requestId;
    this.ifNoneMatch = ifNoneMatch;
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
          sendCard(json(reply.message().orElseThrow()));
      case CallOutcome.Refused<Reply>(Refusal refusal) -> {
        boolean unknown =
            refusal instanceof Refusal.Protocol(String reason, String detail)
                && reason.equals(RequestReader.UNKNOWN_METHOD);
        send(
            response(
                unknown && wrongMethod ? 405 : RefusalStatus.httpStatus(refusal),
                Json.write(
                    Map.of("error", refusal.kind().word(), WireNames.INFO_REQUEST_ID, requestId)),
                HttpHeaderValues.NO_STORE));
      }
    }
  }

  @Override
  public boolean callerIsGone() {
    return !ctx.channel().isActive();
  }

  /** Whoever may read the card may keep it, and asks each time whether it still is the card. */
  private void sendCard(byte[] card) {
    String tag = "\"" + fingerprint(card) + "\"";
    boolean known = tag.equals(ifNoneMatch.orElse(null));
    FullHttpResponse response = response(known ? 304 : 200, known ? new byte[0] : card, REVALIDATE);
    response.headers().set(HttpHeaderNames.ETAG, tag);
    send(response);
  }

  private FullHttpResponse response(int status, byte[] body, CharSequence caching) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, WireNames.JSON)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CACHE_CONTROL, caching)
        .set(WireNames.REQUEST_ID_HEADER, requestId);
    // Of a card that the caller has, nobody counts the bytes (RFC 9110, section 8.6).
    if (status != 304) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    if (status == 405) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET");
    }
    return response;
  }

  private void send(FullHttpResponse response) {
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private static String fingerprint(byte[] card) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(card), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] json(Message message) {
    try {
      return PRINTER.print(message).getBytes(StandardCharsets.UTF_8);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a card holds nothing that JSON can't say", e);
    }
  }
}
