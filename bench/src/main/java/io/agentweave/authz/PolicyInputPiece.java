package io.agentweave.authz;

import io.agentweave.bench.call.HotParts;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The question to a policy engine, made ready to be sent. In this package because the document is
 * nobody else's to make.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PolicyInputPiece {
  private final PolicyInput input = HotParts.policyInput();

  /** The document as OPA gets it. */
  @Benchmark
  public byte[] policyInput() {
    return PolicyInputJson.question(input);
  }
}
