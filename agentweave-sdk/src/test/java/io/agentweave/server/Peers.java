package io.agentweave.server;

import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.A2AServiceGrpc.A2AServiceBlockingStub;
import io.agentweave.a2a.v1.CancelTaskRequest;
import io.agentweave.a2a.v1.DeleteTaskPushNotificationConfigRequest;
import io.agentweave.a2a.v1.GetExtendedAgentCardRequest;
import io.agentweave.a2a.v1.GetTaskPushNotificationConfigRequest;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTaskPushNotificationConfigsRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.SubscribeToTaskRequest;
import io.agentweave.a2a.v1.TaskPushNotificationConfig;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SwitchableIdentity;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Kinds of peers, and what they get for what they try. */
final class Peers {
  private Peers() {}

  static SSLContext registered(ServedScene scene, String spiffeId) {
    return ServedScene.clientContext(SwitchableIdentity.of(spiffeId, scene.authority));
  }

  /** Trusts the server, and is signed by an authority that the server does not know. */
  static SSLContext ofOtherDomain(ServedScene scene) {
    return ServedScene.clientContext(
        SwitchableIdentity.of(
            io.agentweave.identity.SvidMint.leaf("spiffe://evil.example/agent/ingester")
                .by(Authority.root("evil")),
            SwitchableIdentity.bundle("agentweave.io", scene.authority)));
  }

  static SSLContext withoutCertificate(ServedScene scene) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("mesh", scene.authority.certificate());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, NamesIgnored.of(trust.getTrustManagers()), null);
      return context;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends an empty request; {@code OK}, the refusal's reason, or the code of a transport error. */
  static String call(ManagedChannel channel, String rpc) {
    A2AServiceBlockingStub stub = ServedScene.stub(channel);
    return outcome(
        () -> {
          switch (rpc) {
            case "SendMessage" -> stub.sendMessage(SendMessageRequest.getDefaultInstance());
            case "SendStreamingMessage" ->
                stub.sendStreamingMessage(SendMessageRequest.getDefaultInstance()).next();
            case "GetTask" -> stub.getTask(GetTaskRequest.newBuilder().setId("x").build());
            case "ListTasks" -> stub.listTasks(ListTasksRequest.getDefaultInstance());
            case "CancelTask" -> stub.cancelTask(CancelTaskRequest.newBuilder().setId("x").build());
            case "SubscribeToTask" ->
                stub.subscribeToTask(SubscribeToTaskRequest.newBuilder().setId("x").build()).next();
            case "CreateTaskPushNotificationConfig" ->
                stub.createTaskPushNotificationConfig(
                    TaskPushNotificationConfig.getDefaultInstance());
            case "GetTaskPushNotificationConfig" ->
                stub.getTaskPushNotificationConfig(
                    GetTaskPushNotificationConfigRequest.getDefaultInstance());
            case "ListTaskPushNotificationConfigs" ->
                stub.listTaskPushNotificationConfigs(
                    ListTaskPushNotificationConfigsRequest.getDefaultInstance());
            case "DeleteTaskPushNotificationConfig" ->
                stub.deleteTaskPushNotificationConfig(
                    DeleteTaskPushNotificationConfigRequest.getDefaultInstance());
            case "GetExtendedAgentCard" ->
                stub.getExtendedAgentCard(GetExtendedAgentCardRequest.getDefaultInstance());
            default ->
                throw new IllegalArgumentException(
                    rpc + " is in " + A2AServiceGrpc.SERVICE_NAME + " and not in this test");
          }
        });
  }

  static String send(ManagedChannel channel, String capability) {
    A2AServiceBlockingStub stub = ServedScene.stub(channel);
    return outcome(() -> stub.sendMessage(ServedScene.send(capability)));
  }

  private static String outcome(Runnable attempt) {
    try {
      attempt.run();
      return "OK";
    } catch (StatusRuntimeException e) {
      Refused refused = Refused.of(e);
      return refused.reason().isEmpty() ? refused.code().name() : refused.reason();
    }
  }
}
