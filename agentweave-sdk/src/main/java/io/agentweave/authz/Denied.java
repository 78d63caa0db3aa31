package io.agentweave.authz;

/**
 * Policy, or the peer requirement before it, said no; an undefined result says no as well.
 *
 * @param id the decision's id
 * @param revision the policy revision that answered; empty for a peer requirement
 * @param policyId the rule or grant that refused, or {@code requires_peer}; may be empty
 * @param reason one snake-case word
 */
public record Denied(String id, String revision, String policyId, String reason)
    implements Decision {}
