package io.agentweave.local.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.identity.WorkloadApiSettings;
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
import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.WorkloadApiClient;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload.JWTBundlesRequest;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDRequest;
import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkloadApiServerTest {
  private static final TrustDomain DOMAIN = new TrustDomain("agentweave.io");
  private static final SpiffeId INGESTER = SpiffeId.parse("spiffe://agentweave.io/agent/ingester");

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private int uid;

  @BeforeEach
  void whoAmI() throws IOException {
    uid = (int) Files.getAttribute(folder, "unix:uid");
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void anUnregisteredProcess_isRefused() throws Exception {
    WorkloadApiServer api = start(longLived(), new WorkloadRegistry(uid));

    assertThat(probe(api)).startsWith("refused PERMISSION_DENIED: no identity issued");
  }

  @Test
  void aRegisteredProcess_getsItsSvid_itsChildDoesNot() throws Exception {
    WorkloadRegistry registry = new WorkloadRegistry(uid);
    WorkloadApiServer api = start(longLived(), registry);
    registry.register(ProcessRef.self(), INGESTER);

    assertThat(newClient(api).fetchX509Context().getDefaultSvid().getSpiffeId())
        .hasToString(INGESTER.toString());
    assertThat(probe(api)).startsWith("refused");
  }

  @Test
  void aRecognisedProgram_getsItsSvid() throws Exception {
    WorkloadRegistry registry = new WorkloadRegistry(uid);
    WorkloadApiServer api = start(longLived(), registry);
    SpiffeId cli = SpiffeId.parse("spiffe://agentweave.io/operator/cli");
    registry.register(WorkloadApiProbe.class.getName(), testClasses(), cli);

    assertThat(probe(api)).isEqualTo(cli.toString());
  }

  @Test
  void aProgramWithTheRightClassFromAnotherPlace_isRefused() throws Exception {
    WorkloadRegistry registry = new WorkloadRegistry(uid);
    WorkloadApiServer api = start(longLived(), registry);
    registry.register(WorkloadApiProbe.class.getName(), folder, INGESTER);

    assertThat(probe(api)).startsWith("refused");
  }

  @Test
  void aProcessOfAnotherUser_isRefused() throws Exception {
    WorkloadRegistry registry = new WorkloadRegistry(uid + 1);
    registry.register(ProcessRef.self(), INGESTER);
    WorkloadApiServer api = start(longLived(), registry);

    assertThatThrownBy(() -> newClient(api).fetchX509Context())
        .rootCause()
        .hasMessageContaining("PERMISSION_DENIED");
  }

  @Test
  void aProcessThatInheritedAPid_isRefused() throws Exception {
    WorkloadRegistry registry = new WorkloadRegistry(uid);
    ProcessRef self = ProcessRef.self();
    registry.register(new ProcessRef(self.pid(), "1@an-earlier-process"), INGESTER);
    WorkloadApiServer api = start(longLived(), registry);

    assertThatThrownBy(() -> newClient(api).fetchX509Context())
        .rootCause()
        .hasMessageContaining("PERMISSION_DENIED");
  }

  @Test
  void aCallWithoutTheSecurityHeader_isRefused() throws Exception {
    WorkloadApiServer api = start(longLived(), Attestor.insecureEverybodyIs(INGESTER));

    assertThatThrownBy(
            () -> stub(api, false).fetchX509SVID(X509SVIDRequest.getDefaultInstance()).hasNext())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    assertThat(stub(api, true).fetchX509SVID(X509SVIDRequest.getDefaultInstance()).hasNext())
        .isTrue();
  }

  @Test
  void jwtMethods_answerUnimplemented() throws Exception {
    WorkloadApiServer api = start(longLived(), Attestor.insecureEverybodyIs(INGESTER));

    assertThatThrownBy(
            () -> stub(api, true).fetchJWTBundles(JWTBundlesRequest.getDefaultInstance()).hasNext())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
  }

  @Test
  void anOpenStream_getsANewSvidBeforeTheOldOneEnds() throws Exception {
    Duration lifetime = Duration.ofSeconds(4);
    DrivenClock clock = new DrivenClock();
    SeenContexts seen =
        watch(
            start(
                new LocalAuthority(DOMAIN, lifetime, clock),
                Attestor.insecureEverybodyIs(INGESTER)));

    for (int held : new int[] {1, 2, 3}) {
      await().until(() -> seen.size() >= held);
      X509Certificate before = seen.leaf();
      Instant half = clock.instant().plus(lifetime.dividedBy(2));
      clock.set(half.minusMillis(1));
      clock.awaitReadings(6);
      assertThat(seen.size()).as("SVIDs before half of the life is over").isEqualTo(held);

      clock.set(half);
      await().until(() -> seen.size() > held);
      assertThat(seen.leaf().getSerialNumber()).isNotEqualTo(before.getSerialNumber());
      assertThat(seen.leaf().getNotAfter().toInstant()).isEqualTo(half.plus(lifetime));
      before.checkValidity(Date.from(half));
    }
  }

  @Test
  void aClockThatIsSetBack_bringsANewSvidAtOnce() throws Exception {
    DrivenClock clock = new DrivenClock();
    LocalAuthority authority = new LocalAuthority(DOMAIN, Duration.ofHours(1), clock);
    SeenContexts seen = watch(start(authority, Attestor.insecureEverybodyIs(INGESTER)));
    await().until(() -> seen.size() > 0);

    clock.set(clock.instant().minus(Duration.ofHours(2)));
    await()
        .ignoreExceptions()
        .untilAsserted(() -> seen.leaf().checkValidity(Date.from(clock.instant())));
  }

  @Test
  void anOpenStream_hearsOfAuthoritiesThatComeAndGo() throws Exception {
    LocalAuthority authority = longLived();
    WorkloadApiServer api = start(authority, Attestor.insecureEverybodyIs(INGESTER));
    SeenContexts seen = watch(api);
    await().until(() -> seen.bundleSize() == 1);

    authority.prepare();
    await().until(() -> seen.bundleSize() == 2);
    authority.activate();
    authority.drop();
    await().until(() -> seen.bundleSize() == 1);
    await().untilAsserted(() -> seen.leaf().verify(authority.bundle().getFirst().getPublicKey()));
  }

  @Test
  void aFederatedDomain_comesAndGoesWithItsBundle() throws Exception {
    WorkloadApiServer api = start(longLived(), Attestor.insecureEverybodyIs(INGESTER));
    LocalAuthority partner = new LocalAuthority(new TrustDomain("partner.example"));
    SeenContexts seen = watch(api);
    await().until(() -> seen.bundleCount() == 1);

    api.federate(partner);
    await().until(() -> seen.bundleCount() == 2);
    api.endFederation(partner);
    await().until(() -> seen.bundleCount() == 1);
  }

  @Test
  void anEntryThatIsDeleted_endsTheStream() throws Exception {
    WorkloadRegistry registry = new WorkloadRegistry(uid);
    registry.register(ProcessRef.self(), INGESTER);
    WorkloadApiServer api = start(longLived(), registry);
    var stream = stub(api, true).fetchX509SVID(X509SVIDRequest.getDefaultInstance());
    assertThat(stream.next().getSvids(0).getSpiffeId()).isEqualTo(INGESTER.toString());

    registry.remove(INGESTER);
    api.registrationsChanged();
    assertThatThrownBy(stream::hasNext)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  @Test
  void aSocketLeftBehind_isReplaced_andOnlyItsOwnerMayUseTheNewOne() throws Exception {
    Path socket = folder.resolve("api.sock");
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket));
    }
    assertThat(socket).exists();

    WorkloadApiServer api = start(longLived(), Attestor.insecureEverybodyIs(INGESTER));
    assertThat(newClient(api).fetchX509Context().getDefaultSvid()).isNotNull();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
    api.close();
    assertThat(socket).doesNotExist();
  }

  @Test
  void aSocketThatSomebodyListensOn_isLeftAlone() throws Exception {
    start(longLived(), Attestor.insecureEverybodyIs(INGESTER));

    assertThatThrownBy(() -> start(longLived(), Attestor.insecureEverybodyIs(INGESTER)))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("api.sock");
  }

  @Test
  void aFileThatIsNoSocket_isLeftAlone() throws Exception {
    Path file = Files.writeString(folder.resolve("api.sock"), "precious");

    assertThatThrownBy(() -> start(longLived(), Attestor.insecureEverybodyIs(INGESTER)))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("precious");
  }

  @Test
  void aFolderWithBlanksInItsName_isEscapedInTheEndpoint() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("Jane Doe 100%41 #1?"));
    WorkloadRegistry registry = new WorkloadRegistry(uid);
    registry.register(ProcessRef.self(), INGESTER);
    WorkloadApiServer api = WorkloadApiServer.start(odd.resolve("api.sock"), longLived(), registry);
    opened.add(api);

    assertThat(Path.of(URI.create(api.endpoint().toString()).getPath())).isEqualTo(api.socket());
    try (IdentitySource source =
        IdentitySources.fromWorkloadApi(
            new WorkloadApiSettings(
                api.endpoint(), Optional.of(INGESTER), Set.of(DOMAIN), Duration.ofMinutes(2)))) {
      assertThat(source.current().spiffeId()).isEqualTo(INGESTER);
    }
  }

  /** No renewal comes while a test waits for what does not wait for one. */
  private static LocalAuthority longLived() {
    return new LocalAuthority(DOMAIN, Duration.ofDays(1));
  }

  private WorkloadApiServer start(LocalAuthority authority, Attestor attestor) throws IOException {
    WorkloadApiServer api =
        WorkloadApiServer.start(folder.resolve("api.sock"), authority, attestor);
    opened.add(api);
    return api;
  }

  private WorkloadApiClient newClient(WorkloadApiServer api) throws Exception {
    WorkloadApiClient client =
        DefaultWorkloadApiClient.newClient(
            DefaultWorkloadApiClient.ClientOptions.builder()
                .spiffeSocketPath(api.endpoint().toString())
                .build());
    opened.add(client);
    return client;
  }

  private SeenContexts watch(WorkloadApiServer api) throws Exception {
    SeenContexts seen = new SeenContexts();
    newClient(api).watchX509Context(seen);
    return seen;
  }

  private SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIBlockingStub stub(
      WorkloadApiServer api, boolean header) {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(api.socket().toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .usePlaintext()
            .build();
    opened.add(() -> loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync());
    opened.add(channel::shutdownNow);
    Metadata headers = new Metadata();
    if (header) {
      headers.put(Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER), "true");
    }
    return SpiffeWorkloadAPIGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static Path testClasses() {
    return Path.of("target", "test-classes").toAbsolutePath();
  }

  /** What a child process learns about itself. */
  private String probe(WorkloadApiServer api) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                testClasses() + ":" + System.getProperty("java.class.path"),
                WorkloadApiProbe.class.getName(),
                api.endpoint().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    opened.add(child::destroyForcibly);
    return child.inputReader().lines().reduce((first, last) -> last).orElse("nothing");
  }
}
