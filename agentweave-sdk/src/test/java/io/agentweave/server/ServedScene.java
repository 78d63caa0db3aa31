package io.agentweave.server;

import io.agentweave.a2a.WireNames;
import io.agentweave.a2a.WireRequests;
import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.admission.AdmissionControl;
import io.agentweave.admission.AdmissionLimits;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.ListedGrants;
import io.agentweave.call.Payload;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.config.ServerSection;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.SvidMint;
import io.agentweave.identity.SwitchableIdentity;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** One agent that serves over real mutual TLS, and peers that call it. */
final class ServedScene implements AutoCloseable {
  static final String SELF = "spiffe://agentweave.io/agent/processor";
  static final String INGESTER = "spiffe://agentweave.io/agent/ingester";
  static final String STRANGER = "spiffe://agentweave.io/agent/stranger";
  static final Metadata.Key<String> VERSION =
      Metadata.Key.of(WireNames.VERSION_HEADER, Metadata.ASCII_STRING_MARSHALLER);

  /** What a call gets, however busy the machine is. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  final Authority authority;
  final SwitchableIdentity identity;
  final ListedGrants grants = new ListedGrants();
  final MemoryAudit audit = new MemoryAudit();
  final KeptSpans spans = new KeptSpans();
  final TestCapabilities capabilities = new TestCapabilities();
  final Telemetry telemetry;
  final AdmissionControl admission;
  final AgentServer server;
  private final CapabilityCatalogue catalogue;
  private final Duration requestTimeout;
  private final int places;
  private final List<ManagedChannel> channels = new ArrayList<>();

  ServedScene() {
    this(TestCapabilities::catalogue, PATIENCE, 20);
  }

  ServedScene(
      Function<TestCapabilities, CapabilityCatalogue> served, Duration requestTimeout, int places) {
    this(Authority.root("mesh"), Optional.empty(), served, requestTimeout, places);
  }

  /** An agent that trusts and allows {@code partner} as the authority of partner.example. */
  static ServedScene federatedWith(Authority partner) {
    return new ServedScene(
        Authority.root("mesh"), Optional.of(partner), TestCapabilities::catalogue, PATIENCE, 20);
  }

  private ServedScene(
      Authority authority,
      Optional<Authority> partner,
      Function<TestCapabilities, CapabilityCatalogue> served,
      Duration requestTimeout,
      int places) {
    this.authority = authority;
    var bundles = SwitchableIdentity.bundle("agentweave.io", authority);
    partner.ifPresent(root -> bundles.putAll(SwitchableIdentity.bundle("partner.example", root)));
    identity = SwitchableIdentity.of(SvidMint.leaf(SELF).by(authority), bundles);
    CapabilityCatalogue catalogue = served.apply(capabilities);
    Set<String> actions = new HashSet<>(catalogue.actions());
    telemetry =
        Telemetry.start(
            new TelemetrySettings(
                "processor",
                Optional.of(SpiffeId.parse(SELF)),
                "development",
                new Tracing(true, "otlp", "http://localhost:4317", 1.0),
                actions),
            spans);
    Map<String, Integer> byAction = new HashMap<>();
    actions.forEach(action -> byAction.put(action, Math.max(1, places - 1)));
    admission =
        AdmissionControl.of(
            new AdmissionLimits(
                places, byAction, places, 10_000, Map.of(), Set.of(), Duration.ofMillis(20)));
    this.catalogue = catalogue;
    this.requestTimeout = requestTimeout;
    this.places = places;
    server = another(0);
  }

  /** One more server of the same parts. */
  AgentServer another(int port) {
    return another(port, PATIENCE);
  }

  /** One more, that gives a peer {@code handshake} until it asks for something. */
  AgentServer another(int port, Duration handshake) {
    return AgentServer.start(
        new ServerProfile(
            "processor",
            "processes",
            "1.2.3",
            "development",
            new ServerSection(
                "127.0.0.1",
                port,
                places,
                requestTimeout,
                Duration.ofSeconds(5),
                64 * 1024,
                new ServerSection.RequestsPerSecond(10_000, Map.of())),
            catalogue),
        new ServerParts(
            identity,
            Authorization.authorizer(grants, Enforcement.DENY),
            admission,
            audit,
            telemetry),
        handshake);
  }

  /** Grants {@code caller} these actions. */
  ServedScene allow(String caller, String... actions) {
    for (String action : actions) {
      grants.allow(caller, action);
    }
    return this;
  }

  A2AServiceGrpc.A2AServiceBlockingStub as(String spiffeId) {
    return stub(channel(SwitchableIdentity.of(spiffeId, authority)));
  }

  static A2AServiceGrpc.A2AServiceBlockingStub stub(ManagedChannel channel) {
    Metadata version = new Metadata();
    version.put(VERSION, "1.0");
    return A2AServiceGrpc.newBlockingStub(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(version)));
  }

  ManagedChannel channel(SwitchableIdentity peer) {
    return channel(clientContext(peer));
  }

  ManagedChannel channel(SSLContext tls) {
    return channel(tls, builder -> builder);
  }

  ManagedChannel channel(SSLContext tls, UnaryOperator<NettyChannelBuilder> more) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port())
            .sslContext(
                new JdkSslContext(
                    tls,
                    true,
                    null,
                    IdentityCipherSuiteFilter.INSTANCE,
                    new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        "h2"),
                    ClientAuth.NONE,
                    new String[] {"TLSv1.3"},
                    false))
            .directExecutor();
    ManagedChannel channel = more.apply(builder).build();
    channels.add(channel);
    return channel;
  }

  static SSLContext clientContext(SwitchableIdentity peer) {
    return peer.current().clientContext(SpiffeId.parse(SELF), proven -> {}, rejected -> {});
  }

  static SendMessageRequest send(String capability) {
    return send(capability, "{\"a\":1}");
  }

  static SendMessageRequest send(String capability, String json) {
    return WireRequests.send(UUID.randomUUID().toString(), capability, Payload.ofJson(json));
  }

  String metrics() {
    return telemetry.scrape();
  }

  String openMetrics() {
    return telemetry.scrape("application/openmetrics-text").text();
  }

  @Override
  public void close() {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
    server.close();
    for (ManagedChannel channel : channels) {
      try {
        channel.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    telemetry.close();
  }
}
