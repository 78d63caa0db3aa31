package io.agentweave.local.authority;

import com.google.protobuf.ByteString;
import io.agentweave.identity.SpiffeId;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase;
import io.spiffe.workloadapi.grpc.Workload.X509BundlesRequest;
import io.spiffe.workloadapi.grpc.Workload.X509BundlesResponse;
import io.spiffe.workloadapi.grpc.Workload.X509SVID;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDRequest;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * The open streams of a Workload API. All messages are written on the timer's thread, so that they
 * never cross.
 */
final class X509Streams extends SpiffeWorkloadAPIImplBase {
  private final LocalAuthority authority;
  private final Attestor attestor;
  private final ScheduledExecutorService timer;
  private final List<LocalAuthority> federated = new CopyOnWriteArrayList<>();
  private final Set<OpenStream> open = ConcurrentHashMap.newKeySet();
  private final Map<SpiffeId, Instant> notAfter = new ConcurrentHashMap<>();

  X509Streams(LocalAuthority authority, Attestor attestor, ScheduledExecutorService timer) {
    this.authority = authority;
    this.attestor = attestor;
    this.timer = timer;
  }

  @Override
  public void fetchX509SVID(
      X509SVIDRequest request, StreamObserver<X509SVIDResponse> responseObserver) {
    open(responseObserver, (observer, spiffeId) -> observer.onNext(svid(spiffeId)));
  }

  @Override
  public void fetchX509Bundles(
      X509BundlesRequest request, StreamObserver<X509BundlesResponse> responseObserver) {
    open(responseObserver, (observer, spiffeId) -> observer.onNext(bundles()));
  }

  void federate(LocalAuthority other) {
    federated.add(other);
    renewAll();
  }

  void endFederation(LocalAuthority other) {
    federated.remove(other);
    renewAll();
  }

  Optional<Instant> notAfter(SpiffeId spiffeId) {
    return Optional.ofNullable(notAfter.get(spiffeId));
  }

  /** Attests every peer again and sends each what is right for it now. */
  void renewAll() {
    onTimer(() -> open.forEach(OpenStream::renew));
  }

  /** Sends new SVIDs to those whose SVID is past half of its life. Runs on the timer. */
  void renewDue() {
    Instant now = authority.now();
    open.stream().filter(stream -> stream.isDue(now)).forEach(OpenStream::renew);
  }

  void close() {
    open.forEach(
        stream ->
            stream.end(Status.UNAVAILABLE.withDescription("the Workload API is shutting down")));
  }

  private <R> void open(StreamObserver<R> responses, Sending<R> sending) {
    PeerProcess peer = Objects.requireNonNull(WorkloadApiGate.PEER.get());
    ServerCallStreamObserver<R> observer = (ServerCallStreamObserver<R>) responses;
    OpenStream stream =
        new OpenStream(peer, observer, spiffeId -> sending.send(observer, spiffeId));
    observer.setOnCancelHandler(() -> open.remove(stream));
    open.add(stream);
    onTimer(stream::renew);
  }

  private void onTimer(Runnable task) {
    try {
      timer.execute(task);
    } catch (RejectedExecutionException closed) {
      // Closing; the streams end with it.
    }
  }

  private X509SVIDResponse svid(SpiffeId spiffeId) {
    // The bundle is read after the SVID was signed, so that it always holds the signer.
    IssuedSvid issued = authority.issue(spiffeId);
    X509SVIDResponse.Builder response =
        X509SVIDResponse.newBuilder()
            .addSvids(
                X509SVID
                    .newBuilder()
                    .setSpiffeId(spiffeId.toString())
                    .setX509Svid(der(issued.chain()))
                    .setX509SvidKey(ByteString.copyFrom(issued.key().getEncoded()))
                    .setBundle(der(authority.bundle())));
    federated.forEach(
        other ->
            response.putFederatedBundles("spiffe://" + other.trustDomain(), der(other.bundle())));
    notAfter.put(spiffeId, issued.notAfter());
    return response.build();
  }

  private X509BundlesResponse bundles() {
    X509BundlesResponse.Builder response =
        X509BundlesResponse.newBuilder()
            .putBundles("spiffe://" + authority.trustDomain(), der(authority.bundle()));
    federated.forEach(
        other -> response.putBundles("spiffe://" + other.trustDomain(), der(other.bundle())));
    return response.build();
  }

  private static ByteString der(List<X509Certificate> certificates) {
    ByteString all = ByteString.EMPTY;
    for (X509Certificate certificate : certificates) {
      try {
        all = all.concat(ByteString.copyFrom(certificate.getEncoded()));
      } catch (CertificateEncodingException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return all;
  }

  /** Writes one message for an identity. */
  private interface Sending<R> {
    void send(ServerCallStreamObserver<R> observer, SpiffeId spiffeId);
  }

  /** One stream: who listens, and when it is to hear of a new SVID. */
  private final class OpenStream {
    private final PeerProcess peer;
    private final ServerCallStreamObserver<?> observer;
    private final Consumer<SpiffeId> send;
    private volatile Instant renewed = Instant.MIN;
    private volatile Instant due = Instant.MAX;

    OpenStream(PeerProcess peer, ServerCallStreamObserver<?> observer, Consumer<SpiffeId> send) {
      this.peer = peer;
      this.observer = observer;
      this.send = send;
    }

    /** An SVID from after {@code now} is not valid yet: the clock was set back. */
    boolean isDue(Instant now) {
      return !now.isBefore(due) || now.isBefore(renewed);
    }

    void renew() {
      if (observer.isCancelled()) {
        open.remove(this);
        return;
      }
      Optional<SpiffeId> identity = attestor.attest(peer);
      if (identity.isEmpty()) {
        end(Status.PERMISSION_DENIED.withDescription("no identity issued"));
        return;
      }
      renewed = authority.now();
      due = renewed.plus(half(authority.svidLifetime()));
      send.accept(identity.get());
    }

    synchronized void end(Status status) {
      if (open.remove(this) && !observer.isCancelled()) {
        observer.onError(status.asRuntimeException());
      }
    }

    private static Duration half(Duration lifetime) {
      return lifetime.dividedBy(2);
    }
  }
}
