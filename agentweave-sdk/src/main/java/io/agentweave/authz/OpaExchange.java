package io.agentweave.authz;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * One question and its answer over HTTP, bounded in time and size. At most {@link #MAX_AT_ONCE}
 * questions are under way, so that a burst costs neither sockets nor OPA's patience.
 */
final class OpaExchange implements AutoCloseable {
  /** A decision is some hundred bytes; what is larger is none. */
  static final int MAX_ANSWER_BYTES = 64 * 1024;

  static final int MAX_AT_ONCE = 64;

  private static final MediaType JSON = MediaType.get("application/json");

  private final OkHttpClient http;
  private final HttpUrl url;
  private final String endpoint;
  private final Duration timeout;
  private final Semaphore turns = new Semaphore(MAX_AT_ONCE, true);
  private volatile boolean closed;

  OpaExchange(OkHttpClient http, HttpUrl url, String endpoint, Duration timeout) {
    this.http = http;
    this.url = url;
    this.endpoint = endpoint;
    this.timeout = timeout;
  }

  /** How long a question and its answer may take. */
  Duration timeout() {
    return timeout;
  }

  /**
   * Throws when no whole answer came in time, the wait for a turn included.
   *
   * @param since the {@link System#nanoTime} from which the time counts
   */
  Reply ask(byte[] question, long since) throws IOException {
    if (closed) {
      throw new NotAsked("closed", "the engine is closed");
    }
    try {
      if (!turns.tryAcquire(left(since).toNanos(), TimeUnit.NANOSECONDS)) {
        throw new NotAsked("busy", "no turn within " + timeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotAsked("interrupted", "interrupted while waiting for a turn");
    }
    try {
      return ask(question, left(since));
    } finally {
      turns.release();
    }
  }

  private Duration left(long since) {
    return timeout.minusNanos(System.nanoTime() - since);
  }

  private Reply ask(byte[] question, Duration remaining) throws IOException {
    if (!remaining.isPositive()) {
      throw new NotAsked("busy", "no time left after waiting for a turn");
    }
    Request request =
        new Request.Builder()
            .url(url)
            .header("Accept", "application/json")
            .header("Accept-Encoding", "identity")
            .post(RequestBody.create(question, JSON))
            .build();
    Call call = http.newCall(request);
    call.timeout().timeout(remaining.toNanos(), TimeUnit.NANOSECONDS);
    try (Response response = call.execute()) {
      Reply reply = reply(response);
      if (reply instanceof Reply.Fault) {
        // Closing alone would read on for a while, to save the connection.
        call.cancel();
      }
      return reply;
    }
  }

  private Reply reply(Response response) throws IOException {
    if (response.isRedirect() || response.code() / 100 == 3) {
      return new Reply.Fault("redirect", "OPA answered " + response.code() + "; not followed");
    }
    if (response.code() != 200) {
      return new Reply.Fault("http_" + response.code(), "OPA answered " + response.code());
    }
    MediaType type = response.body().contentType();
    if (type == null || !type.type().equals("application") || !type.subtype().equals("json")) {
      return new Reply.Fault("wrong_content_type", "OPA's answer is not application/json");
    }
    String encoding = response.header("Content-Encoding");
    if (encoding != null && !encoding.equals("identity")) {
      return new Reply.Fault("wrong_content_type", "OPA's answer is encoded, unasked");
    }
    if (response.body().contentLength() > MAX_ANSWER_BYTES) {
      return tooLarge();
    }
    try {
      BufferedSource source = response.body().source();
      return source.request(MAX_ANSWER_BYTES + 1L)
          ? tooLarge()
          : new Reply.Body(source.readByteArray());
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw new Truncated(e);
    }
  }

  private static Reply tooLarge() {
    return new Reply.Fault(
        "too_large", "OPA's answer has more than " + MAX_ANSWER_BYTES + " bytes");
  }

  @Override
  public void close() {
    closed = true;
    http.dispatcher().cancelAll();
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }

  @Override
  public String toString() {
    return endpoint;
  }

  /** What came back, when something whole did. */
  sealed interface Reply {
    @SuppressWarnings("ArrayRecordComponent") // lives between two lines
    record Body(byte[] bytes) implements Reply {}

    record Fault(String word, String detail) implements Reply {}
  }

  /** The answer broke off. */
  static final class Truncated extends IOException {
    private static final long serialVersionUID = 1;

    Truncated(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** OPA was not asked, and is not to blame. */
  static final class NotAsked extends IOException {
    private static final long serialVersionUID = 1;

    private final String word;

    NotAsked(String word, String message) {
      super(message);
      this.word = word;
    }

    String word() {
      return word;
    }
  }
}
