package io.agentweave.server;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Who may do what: every kind of peer against every RPC and capability that the server has. The
 * rows are walked from what is registered, so one that is missing or too many fails.
 */
class AuthorizationMatrixTest {
  private static final String GRANTED = "granted";
  private static final String STRANGER = "stranger";
  private static final String OTHER_DOMAIN = "other domain";
  private static final String NO_CERTIFICATE = "no certificate";

  /** What a peer with every grant gets for an empty request to each RPC. */
  private static final Map<String, String> RPC_ROWS =
      Map.ofEntries(
          Map.entry("SendMessage", "INVALID"),
          Map.entry("SendStreamingMessage", "INVALID"),
          Map.entry("GetTask", "TASK_NOT_FOUND"),
          Map.entry("ListTasks", "OK"),
          Map.entry("CancelTask", "TASK_NOT_FOUND"),
          Map.entry("SubscribeToTask", "TASK_NOT_FOUND"),
          Map.entry("CreateTaskPushNotificationConfig", "PUSH_NOTIFICATION_NOT_SUPPORTED"),
          Map.entry("GetTaskPushNotificationConfig", "PUSH_NOTIFICATION_NOT_SUPPORTED"),
          Map.entry("ListTaskPushNotificationConfigs", "PUSH_NOTIFICATION_NOT_SUPPORTED"),
          Map.entry("DeleteTaskPushNotificationConfig", "PUSH_NOTIFICATION_NOT_SUPPORTED"),
          Map.entry("GetExtendedAgentCard", "OK"));

  /** What a peer with every grant gets for each capability. */
  private static final Map<String, String> CAPABILITY_ROWS =
      Map.ofEntries(
          Map.entry("echo", "OK"),
          Map.entry("guarded", "OK"),
          Map.entry("wait", "OK"),
          Map.entry("hold", "OK"),
          Map.entry("fail", "OK"),
          Map.entry("ask", "OK"),
          Map.entry("chatter", "OK"),
          Map.entry("reply", "OK"),
          Map.entry("mute", "OK"),
          Map.entry("lean", "DEPENDENCY_UNAVAILABLE"),
          Map.entry("throw", "BROKEN"),
          Map.entry("picky", "INVALID"),
          Map.entry("talk", "OK"),
          Map.entry("ping", "OK"));

  private static Map<String, ManagedChannel> peers(ServedScene scene) {
    Map<String, ManagedChannel> peers = new LinkedHashMap<>();
    peers.put(GRANTED, scene.channel(Peers.registered(scene, ServedScene.INGESTER)));
    peers.put(STRANGER, scene.channel(Peers.registered(scene, ServedScene.STRANGER)));
    peers.put(OTHER_DOMAIN, scene.channel(Peers.ofOtherDomain(scene)));
    peers.put(NO_CERTIFICATE, scene.channel(Peers.withoutCertificate(scene)));
    return peers;
  }

  @Test
  void everyPeer_onEveryRpc_getsWhatItsRowSays() {
    try (ServedScene scene = new ServedScene()) {
      scene.allow(
          ServedScene.INGESTER, scene.capabilities.catalogue().actions().toArray(String[]::new));
      Map<String, String> registered =
          A2AServiceGrpc.getServiceDescriptor().getMethods().stream()
              .collect(toMap(MethodDescriptor::getBareMethodName, method -> "", (a, b) -> a));
      assertThat(registered.keySet()).isEqualTo(RPC_ROWS.keySet());

      peers(scene)
          .forEach(
              (kind, channel) -> {
                Map<String, String> seen = new TreeMap<>();
                RPC_ROWS.keySet().forEach(rpc -> seen.put(rpc, Peers.call(channel, rpc)));
                assertThat(seen).as(kind).isEqualTo(new TreeMap<>(expectedRpcs(kind)));
              });
    }
  }

  private static Map<String, String> expectedRpcs(String kind) {
    return switch (kind) {
      case GRANTED -> RPC_ROWS;
      // An empty message names no capability that policy could be asked about.
      case STRANGER ->
          RPC_ROWS.entrySet().stream()
              .collect(
                  toMap(
                      Map.Entry::getKey,
                      row -> row.getKey().startsWith("Send") ? "INVALID" : "DENIED"));
      default -> RPC_ROWS.keySet().stream().collect(toMap(rpc -> rpc, rpc -> "UNAVAILABLE"));
    };
  }

  @Test
  void everyPeer_onEveryCapability_getsWhatItsRowSays() {
    try (ServedScene scene = new ServedScene()) {
      scene.capabilities.release.countDown();
      CapabilityCatalogue catalogue = scene.capabilities.catalogue();
      scene.allow(ServedScene.INGESTER, catalogue.actions().toArray(String[]::new));
      assertThat(catalogue.all().stream().map(ServedCapability::name))
          .containsExactlyInAnyOrderElementsOf(CAPABILITY_ROWS.keySet());

      peers(scene)
          .forEach(
              (kind, channel) -> {
                Map<String, String> seen = new TreeMap<>();
                Map<String, String> expected = new TreeMap<>();
                CAPABILITY_ROWS.forEach(
                    (capability, granted) -> {
                      seen.put(capability, Peers.send(channel, capability));
                      expected.put(
                          capability,
                          switch (kind) {
                            case GRANTED -> granted;
                            case STRANGER -> "DENIED";
                            default -> "UNAVAILABLE";
                          });
                    });
                assertThat(seen).as(kind).isEqualTo(expected);
              });
      assertThat(scene.audit.decided())
          .allMatch(
              decided ->
                  ServedScene.INGESTER.equals(decided.subject().caller())
                      || ServedScene.STRANGER.equals(decided.subject().caller()));
    }
  }

  @Test
  void unknownMethod_isRefusedThroughTheChain() {
    try (ServedScene scene = new ServedScene()) {
      ManagedChannel channel = scene.channel(Peers.registered(scene, ServedScene.INGESTER));
      MethodDescriptor<Message, Message> unknown =
          MethodDescriptor.<Message, Message>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName("grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
              .setRequestMarshaller(ProtoUtils.marshaller((Message) Empty.getDefaultInstance()))
              .setResponseMarshaller(ProtoUtils.marshaller((Message) Empty.getDefaultInstance()))
              .build();
      Refused refused =
          Refused.by(
              () ->
                  ClientCalls.blockingUnaryCall(
                      channel, unknown, CallOptions.DEFAULT, Empty.getDefaultInstance()));
      assertThat(refused.reason()).isEqualTo("METHOD_NOT_FOUND");
      assertThat(scene.audit.ended())
          .singleElement()
          .satisfies(
              ended -> {
                assertThat(ended.outcome()).isEqualTo("protocol");
                assertThat(ended.subject().caller()).isEqualTo(ServedScene.INGESTER);
              });
    }
  }
}
