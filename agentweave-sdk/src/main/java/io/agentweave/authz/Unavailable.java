package io.agentweave.authz;

/**
 * Nobody answered, or the answer made no sense. Refuses like {@link Denied}, but trying again later
 * may help.
 *
 * @param id the decision's id
 * @param fault one snake-case word for what went wrong, such as {@code timeout} or {@code not_json}
 * @param detail one line for operators
 */
public record Unavailable(String id, String fault, String detail) implements Decision {
  static Unavailable badInput(String id, IllegalArgumentException why) {
    return new Unavailable(id, "bad_input", "not asked: " + why.getMessage());
  }

  @Override
  public String revision() {
    return "";
  }

  @Override
  public String reason() {
    return fault;
  }

  @Override
  public String policyId() {
    return "";
  }
}
