package io.agentweave.server;

/** What a call that passed the chain has left to do. */
sealed interface Work {

  /** Runs a capability as a task. */
  record RunTask(Operation.Send send, Invocation invocation) implements Work {}

  /** Answers from what the server itself knows: tasks and the card. */
  record Look(Operation.OfProtocol operation) implements Work {}
}
