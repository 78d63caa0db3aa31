package io.agentweave.bench.call;

/**
 * What one variant did in one stretch of one round.
 *
 * @param load {@code closed-1}, {@code closed-64} or {@code open-N}
 * @param failed calls that got no answer; not measured
 * @param clientCpuMicros processor time for each call, of the calling process
 * @param serverCpuMicros the same of the called process
 * @param opaCpuMicros the same of the policy engine's process, 0 where there is none
 * @param clientBytes allocated for each call
 * @param serverBytes the same at the server
 */
public record CallRun(
    String variant,
    String load,
    int round,
    long calls,
    long failed,
    double seconds,
    double callsPerSecond,
    double meanMicros,
    double p50Micros,
    double p90Micros,
    double p99Micros,
    double p999Micros,
    double maxMicros,
    double clientCpuMicros,
    double serverCpuMicros,
    double opaCpuMicros,
    double clientBytes,
    double serverBytes,
    long clientRssKib,
    long serverRssKib) {}
