package io.agentweave.identity;

import java.util.Locale;

/** The rules that a peer's X.509-SVID has to keep (X509-SVID sections 2 to 5), by name. */
public enum SvidRule {
  /** The fault is ours: the own SVID expired or was withdrawn, so nobody can be proven. */
  OWN_SVID_UNUSABLE,
  /**
   * The handshake failed before there was a certificate to judge, or after it: TLS version, key.
   */
  TLS_HANDSHAKE,
  NO_CERTIFICATE,
  ONE_URI_SAN,
  SPIFFE_ID_SYNTAX,
  TRUST_DOMAIN_NOT_ALLOWED,
  TRUST_DOMAIN_UNKNOWN,
  LEAF_IS_CA,
  KEY_USAGE,
  EXTENDED_KEY_USAGE,
  NOT_YET_VALID,
  EXPIRED,
  UNTRUSTED_PATH,
  WEAK_KEY,
  UNEXPECTED_ID;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
