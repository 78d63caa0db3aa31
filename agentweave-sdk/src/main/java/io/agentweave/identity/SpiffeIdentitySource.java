package io.agentweave.identity;

import io.agentweave.identity.WorkloadApiMessage.Nothing;
import io.agentweave.identity.WorkloadApiMessage.Offered;
import io.agentweave.identity.WorkloadApiMessage.Others;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An identity from a SPIFFE Workload API. One thread reads the stream, makes each message one new
 * snapshot, and opens the stream again whenever it ends. While there is no stream the last snapshot
 * serves on until its SVID expires.
 *
 * <p>The identity is withdrawn at once when a message has no SVID for this agent, or when the API
 * denies permission on a stream that had an SVID, which is how SPIRE withdraws one. A denial on a
 * new stream withdraws nothing: an agent that just restarted denies until it has its entries.
 */
final class SpiffeIdentitySource implements IdentitySource {
  private static final Logger LOG = LoggerFactory.getLogger(SpiffeIdentitySource.class);

  /**
   * @param answer how long a new stream may stay silent
   * @param backoffBase the ceiling of the first delay before the stream is opened again
   * @param backoffCap the highest ceiling; a stream that lived this long starts again at the base
   */
  record Timing(Duration answer, Duration backoffBase, Duration backoffCap) {
    static final Timing USUAL =
        new Timing(Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  private final WorkloadApiSettings settings;
  private final Timing timing;
  private final InstantSource clock;
  private final EventLoopGroup io =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("agentweave-identity-io", true), NioIoHandler.newFactory());
  private final CompletableFuture<CurrentSnapshot> first = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread supervisor;
  private volatile String problem = "the Workload API did not answer yet";

  private SpiffeIdentitySource(WorkloadApiSettings settings, Timing timing, InstantSource clock) {
    this.settings = settings;
    this.timing = timing;
    this.clock = clock;
    this.supervisor =
        Thread.ofPlatform().daemon().name("agentweave-identity").unstarted(this::supervise);
  }

  static SpiffeIdentitySource open(
      WorkloadApiSettings settings, Timing timing, InstantSource clock) {
    SpiffeIdentitySource source = new SpiffeIdentitySource(settings, timing, clock);
    source.supervisor.start();
    try {
      source.first.get(settings.startupTimeout().toNanos(), TimeUnit.NANOSECONDS);
      return source;
    } catch (ExecutionException e) {
      source.close();
      Throwable cause = e.getCause();
      throw new IdentityUnavailableException(
          cause == null ? e.toString() : String.valueOf(cause.getMessage()), e);
    } catch (TimeoutException _) {
      source.close();
      throw new IdentityUnavailableException(
          "No usable X.509-SVID from "
              + settings.endpoint()
              + " within "
              + settings.startupTimeout().toMillis()
              + " ms: "
              + source.problem);
    } catch (InterruptedException _) {
      source.close();
      Thread.currentThread().interrupt();
      throw new IdentityUnavailableException("Interrupted while waiting for the first SVID");
    }
  }

  private void supervise() {
    Backoff backoff =
        new Backoff(timing.backoffBase(), timing.backoffCap(), ThreadLocalRandom.current());
    try {
      while (closed.getCount() > 0) {
        long opened = System.nanoTime();
        Optional<String> end = follow();
        if (System.nanoTime() - opened >= timing.backoffCap().toNanos()) {
          backoff.reset();
        }
        end.ifPresent(this::complain);
        closed.await(backoff.next().toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException _) {
      // Only close() interrupts.
      Thread.currentThread().interrupt();
    } finally {
      var _ = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  /** Opens a stream and takes what it sends, until it ends. Says what was wrong, if anything. */
  private Optional<String> follow() throws InterruptedException {
    try (WorkloadApiStream stream = WorkloadApiStream.open(settings.endpoint(), io)) {
      Duration patience = timing.answer();
      boolean answered = false;
      while (true) {
        Optional<WorkloadApiStream.Event> event = stream.next(patience);
        if (event.isEmpty()) {
          // A server that hangs does not end its stream: a new one shows whether it is alive.
          return answered
              ? Optional.empty()
              : Optional.of(EndpointAdvice.silent(settings.endpoint(), timing.answer()));
        }
        switch (event.get()) {
          case WorkloadApiStream.Event.Message(X509SVIDResponse response) -> {
            take(response);
            answered = true;
            patience = untilOverdue();
          }
          case WorkloadApiStream.Event.Denied(String detail) -> {
            if (answered) {
              withdraw("the Workload API withdrew it: " + detail);
            }
            return Optional.of(EndpointAdvice.denied(settings.expected(), detail));
          }
          case WorkloadApiStream.Event.Ended(String detail) -> {
            return Optional.of(EndpointAdvice.ended(settings.endpoint(), detail));
          }
        }
      }
    } catch (GeneralSecurityException e) {
      return Optional.of("the Workload API sent what cannot be used: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("Watching the Workload API failed", e);
      return Optional.of("watching the Workload API failed: " + e);
    }
  }

  private void take(X509SVIDResponse response) throws GeneralSecurityException {
    switch (WorkloadApiMessage.read(response, settings.expected())) {
      case Offered(SvidMaterial material) -> accept(material);
      case Nothing() -> {
        withdraw("the Workload API withdrew it");
        complain(EndpointAdvice.denied(settings.expected(), "an empty answer"));
      }
      case Others(var offered) -> {
        String mismatch =
            "the Workload API offers this process "
                + offered
                + ", but the agent is "
                + settings.expected().map(SpiffeId::toString).orElse("");
        first.completeExceptionally(
            new IdentityUnavailableException(
                mismatch + ". Correct agent.name and agent.trust_domain, or the registration."));
        withdraw(mismatch);
        complain(mismatch);
      }
    }
  }

  private void accept(SvidMaterial material) {
    material
        .pathProblem()
        .ifPresent(p -> LOG.warn("Peers may refuse the own SVID {}: {}", material, p.detail()));
    Optional<CurrentSnapshot> started = started();
    if (started.isPresent()) {
      started.get().renew(material);
      problem = "";
      return;
    }
    CurrentSnapshot current = new CurrentSnapshot(material, settings.allowedTrustDomains(), clock);
    Optional<String> unusable = current.get().unusableBecause();
    if (unusable.isPresent()) {
      complain(EndpointAdvice.unusable(unusable.get(), clock.instant()));
    } else {
      problem = "";
      first.complete(current);
      LOG.info("The Workload API at {} serves {}", settings.endpoint(), material);
    }
  }

  private void withdraw(String reason) {
    started().ifPresent(current -> current.withdraw(reason));
  }

  private Optional<CurrentSnapshot> started() {
    return first.state() == Future.State.SUCCESS
        ? Optional.of(first.resultNow())
        : Optional.empty();
  }

  private void complain(String now) {
    if (!now.equals(problem)) {
      LOG.warn("Identity from {}: {}", settings.endpoint(), now);
    }
    problem = now;
  }

  /** How long silence is nothing to worry about: SVIDs are renewed well before they expire. */
  private Duration untilOverdue() {
    if (started().isEmpty()) {
      return timing.answer();
    }
    SvidSnapshot snapshot = started().get().get();
    Duration lifetime = Duration.between(snapshot.notBefore(), snapshot.notAfter());
    Instant now = clock.instant();
    Instant due = snapshot.notBefore().plus(lifetime.multipliedBy(3).dividedBy(4));
    Duration wait =
        now.isBefore(due)
            ? Duration.between(now, due)
            : Duration.between(now, snapshot.notAfter()).dividedBy(2);
    Duration shortest = Duration.ofSeconds(1);
    return wait.compareTo(shortest) > 0 ? wait : shortest;
  }

  @Override
  public IdentitySnapshot current() {
    return first.resultNow().get();
  }

  @Override
  public IdentityHealth health() {
    return first.resultNow().health(problem);
  }

  @Override
  public Subscription onChange(Consumer<IdentitySnapshot> listener) {
    return first.resultNow().onChange(listener);
  }

  @Override
  public void close() {
    closed.countDown();
    supervisor.interrupt();
    if (!Thread.currentThread().equals(supervisor)) {
      try {
        supervisor.join(Duration.ofSeconds(3));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
