package io.agentweave.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.a2a.WireNames;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Deadline;
import io.agentweave.call.Refusal;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answering half of a gRPC call. */
final class GrpcExchange implements Exchange {
  private static final Logger log = LoggerFactory.getLogger(GrpcExchange.class);

  /**
   * So much is encoded and written by the event loop itself, which has Netty's memory at hand where
   * each virtual thread would set up its own. More would keep other calls waiting.
   */
  private static final int MOST_ON_LOOP = 16 << 10;

  private static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of(WireNames.REQUEST_ID_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  private final ServerCall<ByteString, Message> call;
  private final String requestId;
  private final ProtocolVersion version;
  private final Deadline limit;
  private final Duration timeToRead;
  private final Optional<PeerConnection> connection;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean headersSent;
  private boolean answered;
  private volatile boolean gone;
  private @Nullable Runnable afterDelivery;
  private volatile @Nullable Deadline readBy;

  /**
   * @param limit how long a caller may take to read what it gets before the end
   * @param timeToRead how long it may take for the end
   */
  GrpcExchange(
      ServerCall<ByteString, Message> call,
      String requestId,
      ProtocolVersion version,
      Deadline limit,
      Duration timeToRead,
      Optional<PeerConnection> connection) {
    this.call = call;
    this.requestId = requestId;
    this.version = version;
    this.limit = limit;
    this.timeToRead = timeToRead;
    this.connection = connection;
  }

  @Override
  public void answerEarly(Message reply) {
    finish(CallOutcome.completed(Reply.of(reply)));
  }

  @Override
  public boolean stream(StreamResponse event) throws InterruptedException {
    if (!awaitReady()) {
      return false;
    }
    sendHeaders();
    call.sendMessage(event);
    return true;
  }

  @Override
  public void finish(CallOutcome<Reply> outcome) {
    // A stream that the transport has ended must not be written to: some of its ends have sent
    // trailers already, and writing more of them breaks the whole connection.
    if (answered || gone) {
      return;
    }
    answered = true;
    readBy = Deadline.in(timeToRead);
    connection.ifPresent(peer -> peer.delivering(this));
    switch (outcome) {
      case CallOutcome.Answered<Reply>(Reply reply, boolean completed) -> {
        int bytes = reply.message().map(Message::getSerializedSize).orElse(0);
        if (bytes > MOST_ON_LOOP) {
          answer(reply);
        } else {
          onLoop(() -> answer(reply));
        }
      }
      case CallOutcome.Refused<Reply>(Refusal refusal) -> {
        // Made here: whoever is refused again and again must not keep the loop busy with it.
        StatusRuntimeException status =
            StatusProto.toStatusRuntimeException(RefusalStatus.of(refusal, requestId, version));
        Metadata trailers = status.getTrailers() == null ? new Metadata() : status.getTrailers();
        trailers.put(REQUEST_ID, requestId);
        onLoop(() -> call.close(status.getStatus(), trailers));
      }
    }
  }

  private void answer(Reply reply) {
    sendHeaders();
    reply.message().ifPresent(call::sendMessage);
    call.close(Status.OK, new Metadata());
  }

  /** Writes where the stream can't end meanwhile. */
  private void onLoop(Runnable writing) {
    if (connection.isPresent()) {
      try {
        connection.get().loop().execute(() -> writeUnlessGone(writing));
        return;
      } catch (RejectedExecutionException closing) {
        log.debug("call {} is answered by its own thread: its event loop ends", requestId);
      }
    }
    writing.run();
  }

  private void writeUnlessGone(Runnable writing) {
    try {
      if (!gone) {
        writing.run();
      }
    } catch (RuntimeException e) {
      // A stream that did not end by it is not delivered: its connection is cut in time.
      log.warn("the answer to call {} could not be sent", requestId, e);
    }
  }

  @Override
  public boolean callerIsGone() {
    return gone;
  }

  @Override
  public void whenDelivered(Runnable then) {
    lock.lock();
    try {
      if (!gone) {
        afterDelivery = then;
        return;
      }
    } finally {
      lock.unlock();
    }
    connection.ifPresent(peer -> peer.delivered(this));
    then.run();
  }

  /** Whether the peer has had as long for the answer as a call may take, and has not read it. */
  boolean isOverdue() {
    Deadline last = readBy;
    return last != null && last.isOver();
  }

  /** The transport can take more, or never will. */
  void stirred(boolean callerGone) {
    Runnable then = null;
    lock.lock();
    try {
      gone |= callerGone;
      changed.signalAll();
      if (gone) {
        then = afterDelivery;
        afterDelivery = null;
      }
    } finally {
      lock.unlock();
    }
    if (callerGone) {
      connection.ifPresent(peer -> peer.delivered(this));
    }
    if (then != null) {
      then.run();
    }
  }

  private boolean awaitReady() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!gone && !call.isReady()) {
        if (limit.isOver()
            || !changed.await(limit.remaining().toNanos() + 1, TimeUnit.NANOSECONDS)) {
          return false;
        }
      }
      return !gone;
    } finally {
      lock.unlock();
    }
  }

  private void sendHeaders() {
    if (!headersSent) {
      headersSent = true;
      Metadata headers = new Metadata();
      headers.put(REQUEST_ID, requestId);
      call.sendHeaders(headers);
    }
  }
}
