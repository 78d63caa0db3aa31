package io.agentweave.local.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.local.process.ProcessRef;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDRequest;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections to the Workload API that are used by others than those who made them. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AttestationAttackTest {
  private static final SpiffeId AGENT = SpiffeId.parse("spiffe://agentweave.io/agent/ingester");

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private WorkloadRegistry registry;
  private WorkloadApiServer api;

  @BeforeEach
  void start() throws Exception {
    registry = new WorkloadRegistry((int) Files.getAttribute(folder, "unix:uid"));
    // Renewed after five seconds: then everybody is attested once more.
    LocalAuthority authority =
        new LocalAuthority(new TrustDomain("agentweave.io"), Duration.ofSeconds(10));
    api = WorkloadApiServer.start(folder.resolve("api.sock"), authority, registry);
    opened.add(api);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INHERITED", "SENT"})
  void aConnectionInOtherHands_isItsMakersOnlyWhileThatLives(StolenConnection.Way way)
      throws Exception {
    Process maker = connect(way);
    registry.register(ProcessRef.of(maker.pid()).orElseThrow(), AGENT);
    long user = opens(maker.inputReader());
    assertThat(user).isNotEqualTo(maker.pid());

    var stub = stub(folder.resolve("door"));
    Iterator<X509SVIDResponse> stream = stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance());
    assertThat(stream.next().getSvids(0).getSpiffeId()).isEqualTo(AGENT.toString());

    maker.destroyForcibly().waitFor();
    refused(() -> stub.fetchX509SVID(X509SVIDRequest.getDefaultInstance()).next());
    // The stream that was open then ends instead of bringing one more SVID.
    refused(() -> stream.forEachRemaining(each -> {}));
  }

  @ParameterizedTest
  @EnumSource(names = {"INHERITED", "SENT"})
  void aConnectionFromAStranger_isNotItsUsersWhoIsRegistered(StolenConnection.Way way)
      throws Exception {
    Process maker = connect(way);
    long user = opens(maker.inputReader());
    registry.register(ProcessRef.of(user).orElseThrow(), AGENT);

    refused(
        () ->
            stub(folder.resolve("door"))
                .fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                .next());
  }

  @Test
  void aRecognisedProgramThatBecomesAnother_isNoLongerRecognised() throws Exception {
    Path classes = Path.of("target", "test-classes").toAbsolutePath();
    registry.register(StolenConnection.class.getName(), classes, AGENT);
    Process maker = connect(StolenConnection.Way.EXEC);
    BufferedReader said = maker.inputReader();
    assertThat(said.readLine()).isEqualTo("connected");
    PeerProcess peer =
        new PeerProcess(
            ProcessRef.of(maker.pid()).orElseThrow(), (int) Files.getAttribute(folder, "unix:uid"));
    assertThat(registry.attest(peer)).hasValue(AGENT);

    maker.outputWriter().append("go on\n").flush();
    assertThat(opens(said)).as("the same process").isEqualTo(maker.pid());
    assertThat(ProcessRef.of(maker.pid())).hasValue(peer.process());
    refused(
        () ->
            stub(folder.resolve("door"))
                .fetchX509SVID(X509SVIDRequest.getDefaultInstance())
                .next());
    assertThat(registry.attest(peer)).isEqualTo(Optional.empty());
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  /** Starts a process that connects to the Workload API and hands the connection on. */
  private Process connect(StolenConnection.Way way) throws Exception {
    Process maker =
        new ProcessBuilder(
                StolenConnection.java(
                    StolenConnection.class,
                    way.name(),
                    api.socket().toString(),
                    folder.resolve("door").toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    opened.add(
        () -> {
          maker.descendants().forEach(ProcessHandle::destroyForcibly);
          maker.destroyForcibly();
        });
    return maker;
  }

  /** Which process uses the connection, when it is ready to. */
  private long opens(BufferedReader said) throws Exception {
    String line = said.readLine();
    assertThat(line).startsWith("open ");
    long user = Long.parseLong(line.substring("open ".length()));
    ProcessHandle.of(user).ifPresent(handle -> opened.add(handle::destroyForcibly));
    return user;
  }

  private SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIBlockingStub stub(Path door) {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(door.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .usePlaintext()
            .build();
    opened.add(() -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync());
    opened.add(channel::shutdownNow);
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER), "true");
    return SpiffeWorkloadAPIGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }
}
