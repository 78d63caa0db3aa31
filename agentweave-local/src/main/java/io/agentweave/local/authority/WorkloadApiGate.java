package io.agentweave.local.authority;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/**
 * Lets in only calls with the security header that keeps a web page or a confused proxy from
 * reaching the API (SPIFFE Workload Endpoint, section 5), from processes that the kernel names.
 */
final class WorkloadApiGate implements ServerInterceptor {
  static final Context.Key<PeerProcess> PEER = Context.key("peer-process");

  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (!"true".equals(headers.get(HEADER))) {
      return refuse(
          call, Status.INVALID_ARGUMENT.withDescription("security header missing from request"));
    }
    PeerProcess peer = call.getAttributes().get(PeerCredentialsNegotiator.PEER_PROCESS);
    if (peer == null) {
      return refuse(
          call, Status.PERMISSION_DENIED.withDescription("the calling process is not known"));
    }
    return Contexts.interceptCall(Context.current().withValue(PEER, peer), call, headers, next);
  }

  private static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
