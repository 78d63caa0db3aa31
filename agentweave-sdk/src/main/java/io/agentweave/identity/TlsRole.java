package io.agentweave.identity;

/** Which end of a connection a TLS context is made for. */
enum TlsRole {
  CLIENT,
  SERVER
}
