package io.agentweave.server;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the transport says that a stream ended. gRPC ends some streams by itself: for a message that
 * is too long it tells the handler no reason, and for an unknown compression there is no handler.
 */
final class StreamEnd extends ServerStreamTracer {
  private static final Context.Key<StreamEnd> KEY = Context.key("agentweave-stream-end");
  private static final Metadata.Key<String> TIMEOUT =
      Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

  /** gRPC over HTTP/2: at most eight digits and a unit. */
  private static final Pattern TIMEOUT_FORM = Pattern.compile("[0-9]{1,8}[HMSmun]");

  private final String method;
  private final boolean timely;
  private final BiConsumer<String, Status> unclaimed;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private volatile @Nullable Status status;
  private LongConsumer arrived = bytes -> {};

  private StreamEnd(String method, boolean timely, BiConsumer<String, Status> unclaimed) {
    this.method = method;
    this.timely = timely;
    this.unclaimed = unclaimed;
  }

  /**
   * @param unclaimed told of streams that ended before they had a handler, on the event loop
   */
  static Factory factory(BiConsumer<String, Status> unclaimed) {
    return new Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new StreamEnd(method, takesTimeout(headers), unclaimed);
      }
    };
  }

  /**
   * Whether the caller's timeout can be read. gRPC would reset the stream of one that can't before
   * anybody here has heard of it, so it is taken out.
   */
  private static boolean takesTimeout(Metadata headers) {
    String timeout = headers.get(TIMEOUT);
    if (timeout == null || TIMEOUT_FORM.matcher(timeout).matches()) {
      return true;
    }
    headers.discardAll(TIMEOUT);
    return false;
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

  /** Whether the caller said nothing about time that can't be read. */
  boolean timely() {
    return timely;
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
