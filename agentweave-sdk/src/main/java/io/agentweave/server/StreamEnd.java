package io.agentweave.server;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How the transport says that a stream ended. gRPC ends some streams by itself: for a message that
 * is too long it tells the handler no reason, and for an unknown compression there is no handler.
 */
final class StreamEnd extends ServerStreamTracer {
  private static final Context.Key<StreamEnd> KEY = Context.key("agentweave-stream-end");

  private final String method;
  private final BiConsumer<String, Status> unclaimed;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private volatile @Nullable Status status;
  private LongConsumer arrived = bytes -> {};

  private StreamEnd(String method, BiConsumer<String, Status> unclaimed) {
    this.method = method;
    this.unclaimed = unclaimed;
  }

  /**
   * @param unclaimed told of streams that ended before they had a handler, on the event loop
   */
  static Factory factory(BiConsumer<String, Status> unclaimed) {
    return new Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new StreamEnd(method, unclaimed);
      }
    };
  }

  /**
   * The one of the stream that is being handled on this thread.
   *
   * @param arrived told of the bytes of the message as they come in, on the event loop
   */
  static StreamEnd claim(LongConsumer arrived) {
    StreamEnd end = KEY.get();
    if (end == null) {
      throw new IllegalStateException("a stream without its tracer");
    }
    end.claimed.set(true);
    end.arrived = arrived;
    return end;
  }

  /** Why the stream ended; null while it has not. */
  @Nullable Status status() {
    return status;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public void inboundWireSize(long bytes) {
    arrived.accept(bytes);
  }

  @Override
  public void streamClosed(Status closed) {
    status = closed;
    if (claimed.compareAndSet(false, true)) {
      unclaimed.accept(method, closed);
    }
  }
}
