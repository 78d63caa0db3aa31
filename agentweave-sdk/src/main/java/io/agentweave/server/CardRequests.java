package io.agentweave.server;

import com.google.protobuf.ByteString;
import io.agentweave.a2a.WireNames;
import io.agentweave.telemetry.TraceParent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;

/**
 * Serves the agent card over HTTP/1.1, and nothing else: one request for each connection, through
 * the same chain as every call.
 */
final class CardRequests extends SimpleChannelInboundHandler<HttpObject> {
  private static final int MAX_SHOWN = 200;

  private final CallRunner runner;
  private final PeerConnection connection;
  private boolean asked;

  CardRequests(CallRunner runner, PeerConnection connection) {
    this.runner = runner;
    this.connection = connection;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject piece) {
    if (asked || !(piece instanceof HttpRequest request)) {
      return;
    }
    asked = true;
    boolean ofCard =
        request.decoderResult().isSuccess() && request.uri().equals(WireNames.CARD_PATH);
    boolean isGet = request.method().equals(HttpMethod.GET);
    Rpc rpc = ofCard && isGet ? Rpc.GET_CARD : Rpc.UNKNOWN;
    Slot slot = runner.arrive(Optional.of(connection.spiffeId()));
    Arrival arrival =
        slot.turnedAway().isPresent()
            ? new Arrival.TurnedAway(slot.turnedAway().get())
            : new Arrival.Complete(ByteString.EMPTY);
    WorkGuard guard = runner.guard();
    guard.setDeadline(slot.limit(), () -> guard.stop(WorkGuard.Cause.DEADLINE));
    String shown = request.method() + " " + request.uri();
    runner.start(
        new ReceivedCall(
            slot,
            rpc,
            new CallHeaders(
                Optional.empty(),
                TraceParent.parseOnly(
                    request.headers().getAll(WireNames.TRACEPARENT_HEADER),
                    request.headers().getAll(WireNames.TRACESTATE_HEADER)),
                shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN)),
            arrival,
            slot.limit(),
            Optional.of(connection),
            guard,
            new HttpExchange(
                ctx,
                slot.requestId(),
                Optional.ofNullable(request.headers().get(HttpHeaderNames.IF_NONE_MATCH)),
                ofCard && !isGet),
            new Observation(slot.requestId(), rpc)));
  }
}
