package io.agentweave.call;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was not carried out: a value with a kind, so that it reaches the caller, the audit
 * record, the metric and the trace as the same thing.
 *
 * <p>{@link #detail} is for operators and goes to audit and trace. The caller learns the {@link
 * #kind}, and of {@link Invalid} which fields were wrong.
 */
public sealed interface Refusal {

  /** The word for this refusal, the same everywhere. */
  RefusalKind kind();

  /** What happened, for operators. Holds no secret and no payload content. */
  String detail();

  /**
   * The peer did not prove who it is.
   *
   * @param rule the SPIFFE or TLS rule that was broken, in snake case
   */
  record Unauthenticated(String rule, String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.UNAUTHENTICATED;
    }
  }

  /**
   * The peer is known and may not do this.
   *
   * @param decisionId leads to the audit record of the decision
   * @param reason the policy's or the peer requirement's word for it
   */
  record Denied(String decisionId, String reason, String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.DENIED;
    }
  }

  /**
   * Nobody could decide: the policy engine was silent or made no sense.
   *
   * @param decisionId leads to the audit record of the attempt
   */
  record PolicyUnavailable(String decisionId, String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.POLICY_UNAVAILABLE;
    }
  }

  /** The call could not be written down, so it was not carried out. */
  record AuditUnavailable(String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.AUDIT_UNAVAILABLE;
    }
  }

  /**
   * Too much at once.
   *
   * @param limit which limit was reached
   * @param retryAfter when trying again makes sense
   */
  record Overloaded(String limit, Duration retryAfter, String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.OVERLOADED;
    }
  }

  /** The agent is shutting down; another instance, or the same one later, will do. */
  record Draining(String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.DRAINING;
    }
  }

  /** The request breaks rules that its sender can read. Never empty. */
  record Invalid(List<Violation> violations) implements Refusal {
    public Invalid {
      violations = List.copyOf(violations);
      if (violations.isEmpty()) {
        throw new IllegalArgumentException("an Invalid refusal names at least one violation");
      }
    }

    @Override
    public RefusalKind kind() {
      return RefusalKind.INVALID;
    }

    @Override
    public String detail() {
      return String.join("; ", violations.stream().map(Violation::toString).toList());
    }
  }

  /** The answer would come too late. A deadline that is exactly reached is too late. */
  record DeadlineExceeded(String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.DEADLINE_EXCEEDED;
    }
  }

  /** The caller gave up, or cancelled the task. */
  record Cancelled(String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.CANCELLED;
    }
  }

  /**
   * The request is well-formed and permitted but the protocol says no.
   *
   * @param reason the A2A error reason, such as {@code TASK_NOT_FOUND}
   */
  record Protocol(String reason, String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.PROTOCOL;
    }
  }

  /**
   * Something this agent needs to do its work is not there: its database, or the next agent.
   *
   * @param dependency the name of what is missing
   */
  record DependencyUnavailable(String dependency, String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.DEPENDENCY_UNAVAILABLE;
    }
  }

  /** No connection to the target could be made, or it broke before an answer came. */
  record Unreachable(String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.UNREACHABLE;
    }
  }

  /**
   * The other side refused; this is its refusal as it reached us.
   *
   * @param remoteKind the other side's kind when it is an AgentWeave agent
   * @param reason the other side's reason word
   * @param decisionId the other side's decision, if it named one
   * @param retryAfter the other side's hint, if it gave one
   */
  record RefusedByPeer(
      @Nullable RefusalKind remoteKind,
      String reason,
      @Nullable String decisionId,
      @Nullable Duration retryAfter,
      String detail)
      implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.REFUSED_BY_PEER;
    }
  }

  /** A bug: the handler or a stage threw. The exception is in the log under the request id. */
  record Broken(String detail) implements Refusal {
    @Override
    public RefusalKind kind() {
      return RefusalKind.BROKEN;
    }
  }
}
