package io.agentweave.local.authority;

import io.spiffe.workloadapi.DefaultWorkloadApiClient;
import io.spiffe.workloadapi.WorkloadApiClient;
import io.spiffe.workloadapi.X509Context;

/** A program that asks a Workload API for its name: to be run in a process of its own. */
final class WorkloadApiProbe {
  private WorkloadApiProbe() {}

  /** Prints the SPIFFE ID, or {@code refused} and why. */
  public static void main(String[] args) throws Exception {
    DefaultWorkloadApiClient.ClientOptions options =
        DefaultWorkloadApiClient.ClientOptions.builder().spiffeSocketPath(args[0]).build();
    try (WorkloadApiClient client = DefaultWorkloadApiClient.newClient(options)) {
      X509Context context = client.fetchX509Context();
      System.out.println(context.getDefaultSvid().getSpiffeId());
    } catch (Exception refused) {
      Throwable cause = refused;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      System.out.println("refused " + cause.getMessage());
    }
    System.out.flush();
    System.exit(0);
  }
}
