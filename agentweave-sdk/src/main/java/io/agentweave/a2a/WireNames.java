package io.agentweave.a2a;

/** Names that both sides of the gRPC binding have to spell alike. */
public final class WireNames {
  /** Metadata: the protocol version the caller speaks. Missing means 0.3. */
  public static final String VERSION_HEADER = "a2a-version";

  /** The version that this library speaks, as the header says it. */
  public static final String VERSION = "1.0";

  /** Metadata: URIs of the extensions that the caller asks for, separated by commas. */
  public static final String EXTENSIONS_HEADER = "a2a-extensions";

  /** Metadata: the caller's place in its trace (W3C Trace Context). */
  public static final String TRACEPARENT_HEADER = "traceparent";

  /** Metadata: what tracing systems on the way noted about the trace (W3C Trace Context). */
  public static final String TRACESTATE_HEADER = "tracestate";

  /**
   * Trailing metadata: the callee's id of the call. What a caller sends under this name is ignored:
   * an id that somebody else chose leads nowhere.
   */
  public static final String REQUEST_ID_HEADER = "agentweave-request-id";

  /** {@code google.rpc.ErrorInfo.domain} of an AgentWeave refusal; its reason is the kind. */
  public static final String AGENTWEAVE_DOMAIN = "agentweave.io";

  /** {@code google.rpc.ErrorInfo.domain} of an error that A2A defines. */
  public static final String A2A_DOMAIN = "a2a-protocol.org";

  /** Keys of {@code google.rpc.ErrorInfo.metadata}. */
  public static final String INFO_REQUEST_ID = "request_id";

  public static final String INFO_DECISION_ID = "decision_id";
  public static final String INFO_REASON = "reason";
  public static final String INFO_LIMIT = "limit";
  public static final String INFO_DEPENDENCY = "dependency";

  /** Where the agent card is, over HTTPS. */
  public static final String CARD_PATH = "/.well-known/agent-card.json";

  /** The media type of a payload. */
  public static final String JSON = "application/json";

  private WireNames() {}
}
